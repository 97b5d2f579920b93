package clv

// #include "clv.h"
import "C"

import "context"

const sliceMs = 50

// Job is long work. One goroutine steps it; goroutines may hand it on between steps. An engine runs one
// at a time: Close it, also where it failed.
type Job struct {
	held *C.clv_job
	diag *C.clv_diag
}

// Progress of a job.
type Progress struct {
	Phase    string
	Fraction float64 // of the whole, 0 to 1
}

func begin(function func(m *memory, out **C.clv_job, diag *C.clv_diag) C.clv_status) (*Job, error) {
	j := &Job{}
	err := call(func(m *memory, diag *C.clv_diag) C.clv_status { return function(m, &j.held, diag) })
	if err != nil {
		C.clv_job_free(j.held)
		return nil, err
	}
	j.diag = C.clv_diag_new()
	return j, nil
}

func (j *Job) pointer() *C.clv_job {
	if j == nil {
		return nil
	}
	return j.held
}

// Step works for about that long, 0 = to the end; more says whether there is anything left.
func (j *Job) Step(budgetMs uint32) (more bool, err error) {
	status := C.clv_job_step(j.held, C.uint32_t(budgetMs), j.diag)
	if status < 0 {
		return false, failure(status, notes(j.diag))
	}
	return status == StatusMore, nil
}

// Run steps to the end; when the context ends first, so does the job, with the context's error.
func (j *Job) Run(ctx context.Context) error {
	for {
		if ctx.Err() != nil {
			j.Cancel()
			_, _ = j.Step(0) // ends it now: the engine is free again
			return ctx.Err()
		}
		more, err := j.Step(sliceMs)
		if err != nil || !more {
			return err
		}
	}
}

// Answer runs to the end, takes the main table and closes the job.
func (j *Job) Answer(ctx context.Context) (*Table, error) {
	defer j.Close()
	if err := j.Run(ctx); err != nil {
		return nil, err
	}
	return j.Take("")
}

// Take is a table of the finished job; "" is its main one.
func (j *Job) Take(name string) (*Table, error) {
	return made(func(m *memory, out **C.clv_result, diag *C.clv_diag) C.clv_status {
		return C.clv_job_take_result(j.held, m.text(name), out, diag)
	})
}

// TakeModel is the model of a finished fit.
func (j *Job) TakeModel() (*Model, error) {
	model := &Model{}
	return orNil(model, call(func(_ *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_job_take_model(j.held, &model.held, diag)
	}))
}

// Progress tells how far it is.
func (j *Job) Progress() Progress {
	now := C.clv_progress{struct_size: C.sizeof_clv_progress}
	if C.clv_job_progress(j.held, &now, nil) < 0 {
		return Progress{} // closed
	}
	return Progress{C.GoString(now.phase_name), float64(now.fraction)}
}

// Cancel may be called by any goroutine: the step that is running, or the next one, ends.
func (j *Job) Cancel() { C.clv_job_cancel(j.held) }

// Notes are what it had to say although it did not fail.
func (j *Job) Notes() []Note { return notes(j.diag) }

// Close frees the job; what has not finished is undone. A second time does nothing.
func (j *Job) Close() {
	C.clv_job_free(j.held)
	C.clv_diag_free(j.diag)
	j.held, j.diag = nil, nil
}
