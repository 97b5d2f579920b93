package clv

// #include "clv.h"
import "C"

import "unsafe"

// Model is fitted and does not change; any goroutine may use it.
type Model struct{ held *C.clv_model }

func (f *Model) pointer() *C.clv_model {
	if f == nil {
		return nil
	}
	return f.held
}

// LoadModel reads what Save wrote, or given parameters (clv_model_load).
func LoadModel(json []byte) (*Model, error) {
	f := &Model{}
	return orNil(f, call(func(m *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_model_load(m.bytes(json), C.int64_t(len(json)), &f.held, diag)
	}))
}

// Save writes the model as JSON.
func (f *Model) Save() ([]byte, error) {
	var size C.int64_t
	C.clv_model_save(f.held, nil, 0, &size, nil)
	json := make([]byte, int(size))
	return json, call(func(_ *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_model_save(f.held, unsafe.Pointer(unsafe.SliceData(json)), size, &size, diag)
	})
}

// Parameters has one row per parameter and coefficient.
func (f *Model) Parameters() (*Table, error) {
	return made(func(_ *memory, out **C.clv_result, diag *C.clv_diag) C.clv_status {
		return C.clv_model_table(f.held, out, diag)
	})
}

// Close frees the model; a second time does nothing.
func (f *Model) Close() {
	C.clv_model_free(f.held)
	f.held = nil
}

// Scorer scores one customer at once, without a job, from any goroutine.
type Scorer struct{ held *C.clv_scorer }

// CustomerScore is the score of one customer; NaN where the model has none.
type CustomerScore struct {
	Status                                   int
	PAlive, ExpectedPurchases, ExpectedSpend float64
	Value, ValueP10, ValueP50, ValueP90      float64
}

// NewScorer prepares a model; it keeps nothing of it.
func NewScorer(o *ScoreOptions, model *Model) (*Scorer, error) {
	s := &Scorer{}
	return orNil(s, call(func(m *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_scorer_new(o.c(m), model.pointer(), &s.held, diag)
	}))
}

// Score is of x repeat purchases, the last after tx, observed for t, each worth meanSpend.
func (s *Scorer) Score(x, tx, t, meanSpend float64) (CustomerScore, error) {
	row := C.clv_score{struct_size: C.sizeof_clv_score}
	row.x, row.t_x, row.T = C.double(x), C.double(tx), C.double(t)
	row.mean_spend = C.double(meanSpend)
	err := call(func(_ *memory, diag *C.clv_diag) C.clv_status { return C.clv_scorer_row(s.held, &row, diag) })
	if err != nil {
		return CustomerScore{}, err
	}
	return CustomerScore{
		Status:            int(row.status),
		PAlive:            float64(row.p_alive),
		ExpectedPurchases: float64(row.expected_purchases),
		ExpectedSpend:     float64(row.expected_spend),
		Value:             float64(row.clv),
		ValueP10:          float64(row.clv_p10),
		ValueP50:          float64(row.clv_p50),
		ValueP90:          float64(row.clv_p90),
	}, nil
}

// Close frees the scorer; a second time does nothing.
func (s *Scorer) Close() {
	C.clv_scorer_free(s.held)
	s.held = nil
}
