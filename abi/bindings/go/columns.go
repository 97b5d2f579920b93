package clv

// #include "clv.h"
import "C"

import "unsafe"

// Batch is rows that a verb reads: *Columns of one's own, or a *Table.
type Batch interface {
	batch(m *memory) *C.clv_batch
}

// Named is a table of a report or a fact of a decision.
type Named struct {
	Name  string
	Batch Batch
}

// Columns are the host's own slices, read where they lie; texts are packed once. All have as many rows
// as the first: an error is returned by the verb that gets them.
type Columns struct {
	items []item
	rows  int
	err   error
}

type item struct {
	name, unit string
	kind       C.clv_type
	data       func(m *memory) unsafe.Pointer
	ends       []int64
	present    []byte
}

// Numbers adds a column of numbers.
func (c *Columns) Numbers(name string, values []float64) *Columns {
	data := func(m *memory) unsafe.Pointer { return pinned(m, values) }
	return c.add(len(values), item{name: name, kind: TypeF64, data: data})
}

// Integers adds a column of whole numbers.
func (c *Columns) Integers(name string, values []int64) *Columns {
	return c.whole(name, "", TypeI64, values)
}

// Times adds a column of microseconds since 1970, UTC: time.Time's UnixMicro.
func (c *Columns) Times(name string, values []int64) *Columns {
	return c.whole(name, "", TypeTime, values)
}

// Money adds a column of amounts in minor units of a currency such as "EUR".
func (c *Columns) Money(name, currency string, values []int64) *Columns {
	return c.whole(name, currency, TypeMoney, values)
}

// Texts adds a column of UTF-8 texts.
func (c *Columns) Texts(name string, values []string) *Columns {
	var packed []byte
	ends := make([]int64, 1, len(values)+1)
	for _, value := range values {
		packed = append(packed, value...)
		ends = append(ends, int64(len(packed)))
	}
	data := func(m *memory) unsafe.Pointer { return pinned(m, packed) }
	return c.add(len(values), item{name: name, kind: TypeUtf8, data: data, ends: ends})
}

// Present says which rows of the column added last have a value.
func (c *Columns) Present(known []bool) *Columns {
	if c.err != nil {
		return c
	}
	if len(c.items) == 0 || len(known) != c.rows {
		c.err = invalid("", "%d rows are said to be present or not, the columns have %d", len(known), c.rows)
		return c
	}
	bits := make([]byte, (len(known)+7)/8)
	for row, yes := range known {
		if yes {
			bits[row/8] |= 1 << (row % 8)
		}
	}
	c.items[len(c.items)-1].present = bits
	return c
}

func (c *Columns) whole(name, unit string, kind C.clv_type, values []int64) *Columns {
	data := func(m *memory) unsafe.Pointer { return pinned(m, values) }
	return c.add(len(values), item{name: name, unit: unit, kind: kind, data: data})
}

func (c *Columns) add(rows int, added item) *Columns {
	if len(c.items) > 0 && rows != c.rows && c.err == nil {
		c.err = invalid(added.name, "column '%s' has %d rows, the one before %d", added.name, rows, c.rows)
	}
	c.rows = rows
	c.items = append(c.items, added)
	return c
}

func (c *Columns) batch(m *memory) *C.clv_batch {
	if c.err != nil {
		m.refuse(c.err)
	}
	b := (*C.clv_batch)(m.zeroed(C.sizeof_clv_batch))
	b.struct_size = C.sizeof_clv_batch
	b.n_columns = C.uint32_t(len(c.items))
	b.n_rows = C.int64_t(c.rows)
	b.columns = (*C.clv_column)(m.zeroed(C.sizeof_clv_column * C.size_t(len(c.items))))
	to := unsafe.Slice(b.columns, len(c.items))
	for i, from := range c.items {
		to[i].name = m.text(from.name)
		to[i].unit = m.text(from.unit)
		to[i]._type = from.kind
		to[i].data = from.data(m)
		to[i].offsets = (*C.int64_t)(pinned(m, from.ends))
		to[i].validity = (*C.uint8_t)(pinned(m, from.present))
	}
	return b
}
