package clv

// #include "clv.h"
import "C"

import "unsafe"

// Arrow is a table that came as an Arrow stream: a Batch of any verb.
type Arrow struct{ held *C.clv_arrow }

// ImportArrow reads a stream of Arrow's C interface to its end and releases it, also on failure. It is
// the struct's address in C memory, such as a *cdata.CArrowArrayStream of Apache Arrow's package.
func ImportArrow(stream unsafe.Pointer) (*Arrow, error) {
	a := &Arrow{}
	return orNil(a, call(func(_ *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_arrow_import((*C.struct_ArrowArrayStream)(stream), &a.held, diag)
	}))
}

// Close frees it; a second time does nothing.
func (a *Arrow) Close() {
	C.clv_arrow_free(a.held)
	a.held = nil
}

func (a *Arrow) batch(m *memory) *C.clv_batch {
	b := (*C.clv_batch)(m.zeroed(C.sizeof_clv_batch))
	b.struct_size = C.sizeof_clv_batch
	if C.clv_arrow_batch(a.held, b, nil) < 0 {
		m.refuse(invalid("", "the Arrow table is closed"))
	}
	return b
}

// ExportArrow fills a stream of Arrow's C interface with the table, which it keeps.
func (t *Table) ExportArrow(stream unsafe.Pointer) error {
	return call(func(_ *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_result_export(t.held, (*C.struct_ArrowArrayStream)(stream), diag)
	})
}
