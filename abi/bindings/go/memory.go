package clv

// #include <stdlib.h>
// #include <string.h>
// #include "clv.h"
import "C"

import (
	"runtime"
	"strings"
	"unsafe"
)

// memory is what one call hands to C: freed, and Go's arrays unpinned, when the call has returned.
type memory struct {
	blocks []unsafe.Pointer
	pins   runtime.Pinner
}

func (m *memory) free() {
	for _, block := range m.blocks {
		C.free(block)
	}
	m.pins.Unpin()
}

// zeroed is at least one byte of zeros.
func (m *memory) zeroed(size C.size_t) unsafe.Pointer {
	block := C.calloc(1, max(size, 1))
	if block == nil {
		panic("clv: out of memory")
	}
	m.blocks = append(m.blocks, block)
	return block
}

// refusal is what refuse panics with.
type refusal struct{ err error }

// refuse ends the call before C is reached: what C would be given is not what was meant. See call.
func (m *memory) refuse(err error) { panic(refusal{err}) }

// text is NULL for "", which means the default.
func (m *memory) text(value string) *C.char {
	if value == "" {
		return nil
	}
	return m.given(value)
}

// given is the text, also where it is empty.
func (m *memory) given(value string) *C.char {
	if at := strings.IndexByte(value, 0); at >= 0 {
		m.refuse(invalid("", "a text has a NUL byte after %q, where C would end it", value[:at]))
	}
	return (*C.char)(m.bytes([]byte(value + "\x00")))
}

func (m *memory) bytes(value []byte) unsafe.Pointer {
	if len(value) == 0 {
		return nil
	}
	block := m.zeroed(C.size_t(len(value)))
	copy(unsafe.Slice((*byte)(block), len(value)), value)
	return block
}

// pinned is where the array lies: C reads it there, so that nothing is copied before the library does.
func pinned[T any](m *memory, values []T) unsafe.Pointer {
	if len(values) == 0 {
		return nil
	}
	m.pins.Pin(&values[0])
	return unsafe.Pointer(&values[0])
}

func (m *memory) batch(b Batch) *C.clv_batch {
	if b == nil {
		return nil
	}
	return b.batch(m)
}

func (m *memory) named(all []Named) *C.clv_named_batch {
	if len(all) == 0 {
		return nil
	}
	block := (*C.clv_named_batch)(m.zeroed(C.sizeof_clv_named_batch * C.size_t(len(all))))
	to := unsafe.Slice(block, len(all))
	for i, from := range all {
		to[i].name = m.text(from.Name)
		to[i].batch = m.batch(from.Batch)
	}
	return block
}
