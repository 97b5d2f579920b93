package clv

// #include "clv.h"
import "C"

// Engine is a store and the verbs on it, for one goroutine and one job at a time.
type Engine struct{ held *C.clv_engine }

// OpenEngine opens or makes a store; without a path it is in memory.
func OpenEngine(o *EngineOptions) (*Engine, error) {
	e := &Engine{}
	return orNil(e, call(func(m *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_open(o.c(m), &e.held, diag)
	}))
}

// Close closes the store; close its jobs first. A second time does nothing.
func (e *Engine) Close() {
	C.clv_engine_free(e.held)
	e.held = nil
}

// Read reads a stored table, "scores", "decisions", ..., or some of its rows; it stores nothing.
func (e *Engine) Read(o *TableOptions) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_read_begin(e.held, o.c(m), out, diag)
	})
}

// Model is the model of that number or alias; "" is the latest.
func (e *Engine) Model(name string) (*Model, error) {
	f := &Model{}
	return orNil(f, call(func(m *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_model(e.held, m.text(name), &f.held, diag)
	}))
}

// Ingest takes all rows or none.
func (e *Engine) Ingest(o *IngestOptions, transactions Batch) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_ingest_begin(e.held, o.c(m), m.batch(transactions), out, diag)
	})
}

// Fit summarizes the log, fits, and stores both.
func (e *Engine) Fit(s *SummarizeOptions, o *FitOptions) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_fit_begin(e.held, s.c(m), o.c(m), out, diag)
	})
}

// Score scores the stored summary by the latest model, or the one named.
func (e *Engine) Score(o *ScoreOptions) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_score_begin(e.held, o.c(m), out, diag)
	})
}

// Segment groups the stored scores.
func (e *Engine) Segment(o *SegmentOptions) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_segment_begin(e.held, o.c(m), out, diag)
	})
}

// PluginSegment groups them by a segmentation plugin.
func (e *Engine) PluginSegment(plugins *Plugins, o *RunOptions, id string) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_plugin_segment_begin(e.held, plugins.pointer(), o.c(m), m.text(id), out, diag)
	})
}

// Features are columns that plugins compute of the stored scores; nothing is stored.
func (e *Engine) Features(plugins *Plugins, o *RunOptions) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_features_begin(e.held, plugins.pointer(), o.c(m), out, diag)
	})
}

// Propose asks the plugins about all customers.
func (e *Engine) Propose(plugins *Plugins, o *RunOptions) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_propose_begin(e.held, plugins.pointer(), o.c(m), out, diag)
	})
}

// Decide proposes, decides and stores one receipt per customer.
func (e *Engine) Decide(plugins *Plugins, o *DecideOptions) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_decide_begin(e.held, plugins.pointer(), o.c(m), out, diag)
	})
}

// Record appends facts: "consent", "contacts", "outcomes", ...
func (e *Engine) Record(o *IngestOptions, table string, rows Batch) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_record_begin(e.held, o.c(m), m.text(table), m.batch(rows), out, diag)
	})
}

// Report is one of Catalogue("reports"), on the stored tables.
func (e *Engine) Report(o *ReportOptions) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_report_begin(e.held, o.c(m), out, diag)
	})
}

// Apply records what a report says is to be recorded.
func (e *Engine) Apply(o *ReportOptions, ingest *IngestOptions) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_apply_begin(e.held, o.c(m), ingest.c(m), out, diag)
	})
}

// Replay computes the stored decisions again.
func (e *Engine) Replay(o *RunOptions) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_replay_begin(e.held, o.c(m), out, diag)
	})
}

// Export is everything stored of one customer.
func (e *Engine) Export(o *RunOptions, customer string) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_export_begin(e.held, o.c(m), m.text(customer), out, diag)
	})
}

// Forget deletes what Export tells.
func (e *Engine) Forget(o *RunOptions, customer string) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_engine_forget_begin(e.held, o.c(m), m.text(customer), out, diag)
	})
}
