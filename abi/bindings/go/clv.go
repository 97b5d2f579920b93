// Package clv is libclv's C ABI for Go: customers' value from their transactions, segments, and which
// retention actions pay.
//
// Functions that compute return a Job; Answer(ctx) runs one to its end. Options come first and may be
// nil. A text with a NUL byte is refused: C would read only what stands before it. What has a Close is
// closed once it is no longer needed; nothing is finalized, because an engine belongs to one goroutine
// at a time. Go's slices are read where they lie and are not kept.
package clv

// #cgo pkg-config: clv
// #include "clv.h"
import "C"

// Abi is the version of the library that was loaded, not of the headers.
func Abi() (major, minor int) {
	packed := C.clv_abi()
	return int(packed >> 16), int(packed & 0xffff)
}

// Version is "0.1.0" and the like.
func Version() string { return C.GoString(C.clv_version()) }

// BuildInfo is what the build is made of, as JSON.
func BuildInfo() string { return C.GoString(C.clv_build_info_json()) }

// Catalogue lists what can be asked for by name: "models", "segmentations", "reports", ...
func Catalogue(what string) (*Table, error) {
	return made(func(m *memory, out **C.clv_result, diag *C.clv_diag) C.clv_status {
		return C.clv_catalogue(m.text(what), out, diag)
	})
}

// ReadCSV reads a file or a text; the accepted rows, and "rejects".
func ReadCSV(o *CsvOptions) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_csv_begin(o.c(m), out, diag)
	})
}

// Summarize makes of transactions one row per customer.
func Summarize(o *SummarizeOptions, transactions Batch) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_summarize_begin(o.c(m), m.batch(transactions), out, diag)
	})
}

// Fit makes of a summary a model; its parameters are the main table.
func Fit(o *FitOptions, summary Batch) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_fit_begin(o.c(m), m.batch(summary), out, diag)
	})
}

// Score makes of a summary its scores, row for row.
func Score(o *ScoreOptions, model *Model, summary Batch) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_score_begin(o.c(m), model.pointer(), m.batch(summary), out, diag)
	})
}

// Segment makes of scores segments, row for row, and "profile".
func Segment(o *SegmentOptions, scores Batch) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_segment_begin(o.c(m), m.batch(scores), out, diag)
	})
}

// Simulate makes transactions of customers who do not exist, and their "truth".
func Simulate(o *SimulateOptions, model *Model) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_simulate_begin(o.c(m), model.pointer(), out, diag)
	})
}

// Report is one of Catalogue("reports").
func Report(o *ReportOptions) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_report_begin(o.c(m), out, diag)
	})
}

// Decide prices proposals and chooses; also "refusals" and "budget".
func Decide(o *DecideOptions, model *Model, scores, proposals Batch) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_decide_begin(o.c(m), model.pointer(), m.batch(scores), m.batch(proposals), out, diag)
	})
}

// Replay computes decisions again from their receipts.
func Replay(o *RunOptions, decisions Batch) (*Job, error) {
	return begin(func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status {
		return C.clv_replay_begin(o.c(m), m.batch(decisions), out, diag)
	})
}
