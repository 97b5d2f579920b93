package clv

// #include "clv.h"
import "C"

import "unsafe"

// Answer is what a request was answered with, kept by the commit that did it: a repeat finds it exactly
// when it was done (RunOptions.Answer, AliasOptions.Answer; Engine.Answer).
type Answer struct {
	Key      string // of the request
	BodyHash string // tells another request under the same key
	Bytes    []byte
	NowUs    int64 // when; 0 keeps it for good

	// Set by Engine.Answer.
	Made      int64 // what the commit did: the number of a model, an etag, rows
	Forgotten bool  // there are no bytes any more
}

func (m *memory) answer(a *Answer) *C.clv_answer {
	if a == nil {
		return nil
	}
	c := (*C.clv_answer)(m.zeroed(C.sizeof_clv_answer))
	c.struct_size = C.sizeof_clv_answer
	c.key = m.text(a.Key)
	c.body_hash = m.text(a.BodyHash)
	c.bytes = m.bytes(a.Bytes)
	c.n_bytes = C.int64_t(len(a.Bytes))
	c.now_us = C.int64_t(a.NowUs)
	return c
}

// Answer is the one kept under a key; errors.Is(err, Status(StatusNotFound)) where there is none.
func (e *Engine) Answer(key string) (*Answer, error) {
	kept := C.clv_answer{struct_size: C.sizeof_clv_answer}
	err := call(func(m *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_answer(e.held, m.text(key), &kept, diag)
	})
	if err != nil {
		return nil, err
	}
	return &Answer{
		Key:       C.GoString(kept.key),
		BodyHash:  C.GoString(kept.body_hash),
		Bytes:     C.GoBytes(kept.bytes, C.int(kept.n_bytes)),
		NowUs:     int64(kept.now_us),
		Made:      int64(kept.made),
		Forgotten: kept.flags&C.CLV_ANSWER_FORGOTTEN != 0,
	}, nil
}

// KeyedBatch is one of those that Group takes.
type KeyedBatch struct {
	Flags    uint32 // BatchPartial, BatchValidateOnly
	Table    string // "" = "transactions"
	Source   string
	Currency string
	NowUs    int64
	Key      string // who asks; "" = not keyed
	Sequence int64  // of a stream; 0 = a request
	Rows     Batch
}

func (k *KeyedBatch) c(m *memory) *C.clv_keyed_batch {
	c := (*C.clv_keyed_batch)(m.zeroed(C.sizeof_clv_keyed_batch))
	c.struct_size = C.sizeof_clv_keyed_batch
	c.flags = C.uint32_t(k.Flags)
	c.table = m.text(k.Table)
	c.source = m.text(k.Source)
	c.currency = m.text(k.Currency)
	c.now_us = C.int64_t(k.NowUs)
	c.key = m.text(k.Key)
	c.sequence = C.int64_t(k.Sequence)
	c.rows = m.batch(k.Rows)
	return c
}

// Group takes the batches of many senders in one commit; one row per batch says what became of it.
func (e *Engine) Group(o *RunOptions, batches ...KeyedBatch) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		var first **C.clv_keyed_batch
		if len(batches) > 0 {
			first = (**C.clv_keyed_batch)(m.zeroed(C.size_t(unsafe.Sizeof(uintptr(0))) * C.size_t(len(batches))))
			to := unsafe.Slice(first, len(batches))
			for i := range batches {
				to[i] = batches[i].c(m)
			}
		}
		return C.clv_engine_group_begin(e.held, o.c(m), first, C.int32_t(len(batches)), out, diag)
	})
}

// Sequence is the last durable one of a stream's key; 0 where there is none.
func (e *Engine) Sequence(key string) (int64, error) {
	var last C.int64_t
	err := call(func(m *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_sequence(e.held, m.text(key), &last, diag)
	})
	return int64(last), err
}
