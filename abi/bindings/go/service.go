package clv

// #include "clv.h"
import "C"

import "unsafe"

// What a service needs beside (clv_service.h): work beside the writer, models by name, the file.

// Adopt stores what a finished job of an engine opened OpenReadOnly has found.
func (e *Engine) Adopt(o *RunOptions, done *Job) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_adopt_begin(e.held, o.c(m), done.pointer(), out, diag)
	})
}

// Summarize is the summary of some customers from the log as it is now; it stores nothing.
func (e *Engine) Summarize(o *SummarizeOptions, customers ...string) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_summarize_begin(e.held, o.c(m), m.texts(customers), C.int32_t(len(customers)), out, diag)
	})
}

// AddModel keeps a model that was made elsewhere; its number.
func (e *Engine) AddModel(o *RunOptions, model *Model, nowUs int64) (string, error) {
	var name *C.char
	err := call(func(m *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_add_model(e.held, o.c(m), model.pointer(), C.int64_t(nowUs), &name, diag)
	})
	return C.GoString(name), err
}

// SetAlias lets an alias name another model; its new etag.
func (e *Engine) SetAlias(o *AliasOptions) (int64, error) {
	var etag C.int64_t
	err := call(func(m *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_set_alias(e.held, o.c(m), &etag, diag)
	})
	return int64(etag), err
}

// RetireModel makes that nothing is scored with it any more.
func (e *Engine) RetireModel(o *RunOptions, model string) error {
	return call(func(m *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_retire_model(e.held, o.c(m), m.text(model), diag)
	})
}

// Backup copies what is committed to a new file.
func (e *Engine) Backup(o *RunOptions, path string) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_backup_begin(e.held, o.c(m), m.text(path), out, diag)
	})
}

// Prune deletes facts that happened before.
func (e *Engine) Prune(o *RunOptions, table string, beforeUs int64) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_prune_begin(e.held, o.c(m), m.text(table), C.int64_t(beforeUs), out, diag)
	})
}

// RestoreStore puts a backup at path, where nothing is yet.
func RestoreStore(o *RunOptions, backup, path string) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_store_restore_begin(o.c(m), m.text(backup), m.text(path), out, diag)
	})
}

// CheckStore reads every page, key and checksum of a store.
func CheckStore(o *RunOptions, path string) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_store_check_begin(o.c(m), m.text(path), out, diag)
	})
}

// MigrateStore upgrades an older file after a copy; "" is path.before-N.
func MigrateStore(o *RunOptions, path, copy string) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_store_migrate_begin(o.c(m), m.text(path), m.text(copy), out, diag)
	})
}

// texts is an array of C texts; nil of none.
func (m *memory) texts(values []string) **C.char {
	if len(values) == 0 {
		return nil
	}
	block := (**C.char)(m.zeroed(C.size_t(unsafe.Sizeof(uintptr(0))) * C.size_t(len(values))))
	to := unsafe.Slice(block, len(values))
	for i, value := range values {
		to[i] = m.given(value)
	}
	return block
}
