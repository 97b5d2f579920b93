package clv

// #include <stdlib.h>
// #include "clv.h"
// extern clv_status clvGoSourceNext(void* ctx, clv_batch* out);
// extern char* clvGoSourceError(void* ctx);
// extern void clvGoSourceRelease(void* ctx);
import "C"

import (
	"errors"
	"fmt"
	"io"
	"runtime/cgo"
	"unsafe"
)

// source is what a job of IngestSource draws from; libclv holds it by the address of its handle.
type source struct {
	next func() (Batch, error)
	lent *memory // the batch that libclv reads, until the next one
	said *C.char
}

// IngestSource takes events batch after batch, in one transaction: all rows of all batches, or none. next
// is called while the job is stepped, on the goroutine that steps it; io.EOF ends, another error is told
// by the job.
func (e *Engine) IngestSource(o *IngestOptions, next func() (Batch, error)) (*Job, error) {
	s := &source{next: next, lent: &memory{}}
	held := (*cgo.Handle)(C.calloc(1, C.size_t(unsafe.Sizeof(cgo.Handle(0)))))
	*held = cgo.NewHandle(s)
	job, err := begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		table := (*C.clv_source)(m.zeroed(C.sizeof_clv_source))
		table.struct_size = C.sizeof_clv_source
		table.ctx = unsafe.Pointer(held)
		table.next = (*[0]byte)(C.clvGoSourceNext)
		table.last_error = (*[0]byte)(C.clvGoSourceError)
		table.release = (*[0]byte)(C.clvGoSourceRelease)
		return C.clv_engine_ingest_source_begin(e.held, o.c(m), table, out, diag)
	})
	if err != nil {
		clvGoSourceRelease(unsafe.Pointer(held)) // of a job that did not begin libclv releases nothing
	}
	return job, err
}

func sourceOf(ctx unsafe.Pointer) *source { return (*(*cgo.Handle)(ctx)).Value().(*source) }

//export clvGoSourceNext
func clvGoSourceNext(ctx unsafe.Pointer, out *C.clv_batch) (status C.clv_status) {
	s := sourceOf(ctx)
	s.lent.free()
	s.lent = &memory{}
	// A panic must not run through C: it ends the job as an error does.
	defer func() {
		if thrown := recover(); thrown != nil {
			if refused, ok := thrown.(refusal); ok {
				thrown = refused.err
			}
			status = s.failed(fmt.Errorf("%v", thrown))
		}
	}()
	batch, err := s.next()
	if errors.Is(err, io.EOF) {
		return StatusEnd
	}
	if err != nil {
		return s.failed(err)
	}
	if lent := s.lent.batch(batch); lent != nil {
		out.n_columns, out.n_rows, out.columns = lent.n_columns, lent.n_rows, lent.columns
	}
	return StatusOk
}

//export clvGoSourceError
func clvGoSourceError(ctx unsafe.Pointer) *C.char { return sourceOf(ctx).said }

//export clvGoSourceRelease
func clvGoSourceRelease(ctx unsafe.Pointer) {
	s := sourceOf(ctx)
	s.lent.free()
	C.free(unsafe.Pointer(s.said))
	(*(*cgo.Handle)(ctx)).Delete()
	C.free(ctx)
}

func (s *source) failed(err error) C.clv_status {
	C.free(unsafe.Pointer(s.said))
	s.said = C.CString(err.Error())
	return StatusIo
}
