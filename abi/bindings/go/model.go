package clv

// #include "clv.h"
import "C"

import "unsafe"

// Model is fitted and does not change; any goroutine may use it.
type Model struct{ held *C.clv_model }

func (f *Model) pointer() *C.clv_model {
	if f == nil {
		return nil
	}
	return f.held
}

// LoadModel reads what Save wrote, or given parameters (clv_model_load).
func LoadModel(json []byte) (*Model, error) {
	f := &Model{}
	return orNil(f, call(func(m *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_model_load(m.bytes(json), C.int64_t(len(json)), &f.held, diag)
	}))
}

// Save writes the model as JSON.
func (f *Model) Save() ([]byte, error) {
	var size C.int64_t
	C.clv_model_save(f.held, nil, 0, &size, nil)
	json := make([]byte, int(size))
	return json, call(func(_ *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_model_save(f.held, unsafe.Pointer(unsafe.SliceData(json)), size, &size, diag)
	})
}

// Parameters has one row per parameter and coefficient.
func (f *Model) Parameters() (*Table, error) {
	return made(func(_ *memory, out **C.clv_result, diag *C.clv_diag) C.clv_status {
		return C.clv_model_table(f.held, out, diag)
	})
}

// Close frees the model; a second time does nothing.
func (f *Model) Close() {
	C.clv_model_free(f.held)
	f.held = nil
}
