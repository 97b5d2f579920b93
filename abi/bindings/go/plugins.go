package clv

// #include "clv.h"
import "C"

// Plugins are loaded plugins, for one goroutine at a time.
type Plugins struct{ held *C.clv_plugins }

func (p *Plugins) pointer() *C.clv_plugins {
	if p == nil {
		return nil
	}
	return p.held
}

// NewPlugins is an empty set.
func NewPlugins() (*Plugins, error) {
	p := &Plugins{}
	return orNil(p, call(func(_ *memory, diag *C.clv_diag) C.clv_status { return C.clv_plugins_new(&p.held, diag) }))
}

// DescribePlugin is what a plugin file says of itself, without making an instance: a row of Plugins.List.
func DescribePlugin(o *RunOptions, path string) (*Table, error) {
	return made(func(m *memory, out **C.clv_result, diag *C.clv_diag) C.clv_status {
		return C.clv_plugin_describe(o.c(m), m.text(path), out, diag)
	})
}

// Load loads one file, by its absolute path.
func (p *Plugins) Load(o *PluginOptions, path string) error {
	return call(func(m *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_plugins_load(p.held, o.c(m), m.text(path), diag)
	})
}

// List says what each plugin is, reads and offers.
func (p *Plugins) List() (*Table, error) {
	return made(func(_ *memory, out **C.clv_result, diag *C.clv_diag) C.clv_status {
		return C.clv_plugins_list(p.held, out, diag)
	})
}

// TakeLog is what plugins have logged since it was asked last.
func (p *Plugins) TakeLog() (*Table, error) {
	return made(func(_ *memory, out **C.clv_result, diag *C.clv_diag) C.clv_status {
		return C.clv_plugins_take_log(p.held, out, diag)
	})
}

// Renew makes the instances anew, with another clock and seed.
func (p *Plugins) Renew(nowUs int64, seed uint64) error {
	return call(func(_ *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_plugins_renew(p.held, C.int64_t(nowUs), C.uint64_t(seed), diag)
	})
}

// Close destroys the instances; a second time does nothing.
func (p *Plugins) Close() {
	C.clv_plugins_free(p.held)
	p.held = nil
}

// Propose asks all plugins about the customers of scores.
func (p *Plugins) Propose(o *RunOptions, scores Batch) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_propose_begin(p.held, o.c(m), m.batch(scores), out, diag)
	})
}

// Features are columns that plugins compute.
func (p *Plugins) Features(o *RunOptions, scores Batch) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_features_begin(p.held, o.c(m), m.batch(scores), out, diag)
	})
}

// Segment is by the segmentation plugin of that id.
func (p *Plugins) Segment(o *RunOptions, id string, scores Batch) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_plugins_segment_begin(p.held, o.c(m), m.text(id), m.batch(scores), out, diag)
	})
}
