package clv

// #include "clv.h"
import "C"

import (
	"math"
	"unsafe"
)

// Table is an answer: columns by name. Any goroutine may read it; Close frees it.
type Table struct{ held *C.clv_result }

// Column is what is known of one column.
type Column struct {
	Name   string
	Type   int    // TypeF64, TypeUtf8, ...
	Unit   string // currency, "day", "week" or ""
	Absent int64  // rows without a value
}

// Close frees the table; a second time does nothing.
func (t *Table) Close() {
	C.clv_result_free(t.held)
	t.held = nil
}

// Rows is how many there are.
func (t *Table) Rows() int { return int(C.clv_result_rows(t.held)) }

// Fingerprint is of input, options and version: equal ones mean equal tables.
func (t *Table) Fingerprint() string { return C.GoString(C.clv_result_fingerprint(t.held)) }

// Columns are those of the table, in their order.
func (t *Table) Columns() ([]Column, error) {
	var all []Column
	for i := C.int32_t(0); i < C.clv_result_columns(t.held); i++ {
		one, err := t.column(i)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// Column tells about one column.
func (t *Table) Column(name string) (Column, error) {
	at, err := t.find(name)
	if err != nil {
		return Column{}, err
	}
	return t.column(at)
}

// Numbers are NaN where a value is absent.
func (t *Table) Numbers(name string) ([]float64, error) {
	values := make([]float64, t.Rows())
	return values, t.read(name, TypeF64, len(values), unsafe.Pointer(unsafe.SliceData(values)))
}

// Integers are whole numbers, times in microseconds or money in minor units; 0 where a value is absent.
func (t *Table) Integers(name string) ([]int64, error) {
	values := make([]int64, t.Rows())
	return values, t.read(name, TypeI64, len(values), unsafe.Pointer(unsafe.SliceData(values)))
}

// Texts are "" where a value is absent.
func (t *Table) Texts(name string) ([]string, error) {
	at, err := t.find(name)
	if err != nil {
		return nil, err
	}
	values := make([]string, t.Rows())
	for row := range values {
		var length C.int64_t
		text := C.clv_result_text(t.held, at, C.int64_t(row), &length)
		values[row] = C.GoStringN(text, C.int(length))
	}
	return values, nil
}

// Number is one value of a small table; NaN where there is none.
func (t *Table) Number(name string, row int) float64 {
	at, err := t.find(name)
	if err != nil {
		return math.NaN()
	}
	return float64(C.clv_result_number(t.held, at, C.int64_t(row)))
}

// Values are one row of a small table: string, float64, int64 (whole numbers, times in microseconds, money
// in minor units), or nil where a value is absent.
func (t *Table) Values(row int, names ...string) ([]any, error) {
	var all []any
	for _, name := range names {
		about, err := t.Column(name)
		if err != nil {
			return nil, err
		}
		if row < 0 || row >= t.Rows() {
			return nil, invalid(name, "row %d is out of range; the table has %d rows", row, t.Rows())
		}
		value, err := t.value(about, row)
		if err != nil {
			return nil, err
		}
		all = append(all, value)
	}
	return all, nil
}

func (t *Table) value(about Column, row int) (any, error) {
	at, err := t.find(about.Name)
	if err != nil {
		return nil, err
	}
	if about.Type == TypeUtf8 {
		if text := C.clv_result_text(t.held, at, C.int64_t(row), nil); text != nil {
			return C.GoString(text), nil
		}
		return nil, nil
	}
	// All of them have 8 bytes.
	var bits int64
	var present byte
	err = t.cell(at, row, unsafe.Pointer(&bits), &present)
	if err != nil || present == 0 {
		return nil, err
	}
	if about.Type == TypeF64 {
		return math.Float64frombits(uint64(bits)), nil
	}
	return bits, nil
}

func (t *Table) cell(at C.int32_t, row int, value unsafe.Pointer, present *byte) error {
	return call(func(m *memory, diag *C.clv_diag) C.clv_status {
		what := (*C.clv_read_options)(m.zeroed(C.sizeof_clv_read_options))
		what.struct_size = C.sizeof_clv_read_options
		what.column = at
		what.first = C.int64_t(row)
		what.count = 1
		m.pins.Pin(value)
		m.pins.Pin(present)
		what.values = value
		what.validity = (*C.uint8_t)(present)
		return C.clv_result_read(t.held, what, diag)
	})
}

// WriteCSV writes the table; "-" is standard output.
func (t *Table) WriteCSV(path string) error {
	return call(func(m *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_result_write_csv(t.held, m.text(path), diag)
	})
}

func (t *Table) batch(m *memory) *C.clv_batch {
	b := (*C.clv_batch)(m.zeroed(C.sizeof_clv_batch))
	b.struct_size = C.sizeof_clv_batch
	if C.clv_result_batch(t.held, b, nil) < 0 {
		m.refuse(invalid("", "the table is closed"))
	}
	return b
}

func (t *Table) find(name string) (C.int32_t, error) {
	at := C.int32_t(-1)
	err := call(func(m *memory, _ *C.clv_diag) C.clv_status {
		at = C.clv_result_find(t.held, m.given(name))
		return StatusOk
	})
	if err == nil && at < 0 {
		err = invalid(name, "the table has no column '%s'", name)
	}
	return at, err
}

func (t *Table) column(at C.int32_t) (Column, error) {
	info := C.clv_column_info{struct_size: C.sizeof_clv_column_info}
	err := call(func(_ *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_result_column(t.held, at, &info, diag)
	})
	if err != nil {
		return Column{}, err
	}
	return Column{C.GoString(info.name), int(info._type), C.GoString(info.unit), int64(info.absent)}, nil
}

func (t *Table) read(name string, kind C.clv_type, rows int, values unsafe.Pointer) error {
	at, err := t.find(name)
	if err != nil || rows == 0 {
		return err
	}
	return call(func(m *memory, diag *C.clv_diag) C.clv_status {
		what := (*C.clv_read_options)(m.zeroed(C.sizeof_clv_read_options))
		what.struct_size = C.sizeof_clv_read_options
		what.column = at
		what.as_type = kind
		m.pins.Pin(values)
		what.values = values
		return C.clv_result_read(t.held, what, diag)
	})
}

func made(function func(m *memory, out **C.clv_result, diag *C.clv_diag) C.clv_status) (*Table, error) {
	t := &Table{}
	return orNil(t, call(func(m *memory, diag *C.clv_diag) C.clv_status { return function(m, &t.held, diag) }))
}

func orNil[T any](made *T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return made, nil
}
