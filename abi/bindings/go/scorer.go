package clv

// #include "clv.h"
import "C"

// Scorer scores one customer at once, without a job, from any goroutine.
type Scorer struct{ held *C.clv_scorer }

// CustomerScore is clv_score: the score of one customer; NaN where the model has none.
type CustomerScore struct {
	Status                                        int // ScoredOk, ScoredPriorOnly, ...
	X, Tx, T, MeanSpend                           float64
	LogLikelihood                                 float64
	PAlive, ExpectedPurchases, NoPurchase         float64
	ExpectedSpend                                 float64
	Value, ValueP10, ValueP50, ValueP90           float64
	ValueLogMean, ValueLogDeviation, ValueLogSkew float64 // of ln(profit), given a purchase
}

// History is one customer's, which a host can keep in its own row and carry on event by event (clv_history).
type History struct {
	Purchases                   int64 // distinct purchase days; 0 = no purchase yet
	FirstDay, LastDay           int64 // civil days since 1970-01-01
	SpendDays, SpendMinor       int64
	LastDayMinor, FirstDayMinor int64
	RefundMinor                 int64
	LittDays                    float64
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
	return score(func(row *C.clv_score, diag *C.clv_diag) C.clv_status {
		row.x, row.t_x, row.T = C.double(x), C.double(tx), C.double(t)
		row.mean_spend = C.double(meanSpend)
		return C.clv_scorer_row(s.held, row, diag)
	})
}

// ScoreHistory is of a history on its last observed day, a civil day since 1970-01-01.
func (s *Scorer) ScoreHistory(h *History, asOfDay int64) (CustomerScore, error) {
	own := h.c()
	return score(func(row *C.clv_score, diag *C.clv_diag) C.clv_status {
		return C.clv_scorer_history(s.held, &own, C.int64_t(asOfDay), row, diag)
	})
}

// Add takes one event into the history: a purchase, or a refund where the amount is negative. Events
// come in the order of their days.
func (h *History) Add(day, amountMinor int64) error {
	own := h.c()
	err := call(func(_ *memory, diag *C.clv_diag) C.clv_status {
		return C.clv_history_add(&own, C.int64_t(day), C.int64_t(amountMinor), diag)
	})
	if err == nil {
		h.take(own)
	}
	return err
}

// Close frees the scorer; a second time does nothing.
func (s *Scorer) Close() {
	C.clv_scorer_free(s.held)
	s.held = nil
}

func (h *History) c() C.clv_history {
	return C.clv_history{
		struct_size:     C.sizeof_clv_history,
		purchases:       C.int64_t(h.Purchases),
		first_day:       C.int64_t(h.FirstDay),
		last_day:        C.int64_t(h.LastDay),
		spend_days:      C.int64_t(h.SpendDays),
		spend_minor:     C.int64_t(h.SpendMinor),
		last_day_minor:  C.int64_t(h.LastDayMinor),
		first_day_minor: C.int64_t(h.FirstDayMinor),
		refund_minor:    C.int64_t(h.RefundMinor),
		litt_days:       C.double(h.LittDays),
	}
}

func (h *History) take(from C.clv_history) {
	*h = History{
		Purchases:     int64(from.purchases),
		FirstDay:      int64(from.first_day),
		LastDay:       int64(from.last_day),
		SpendDays:     int64(from.spend_days),
		SpendMinor:    int64(from.spend_minor),
		LastDayMinor:  int64(from.last_day_minor),
		FirstDayMinor: int64(from.first_day_minor),
		RefundMinor:   int64(from.refund_minor),
		LittDays:      float64(from.litt_days),
	}
}

func score(function func(row *C.clv_score, diag *C.clv_diag) C.clv_status) (CustomerScore, error) {
	row := C.clv_score{struct_size: C.sizeof_clv_score}
	err := call(func(_ *memory, diag *C.clv_diag) C.clv_status { return function(&row, diag) })
	if err != nil {
		return CustomerScore{}, err
	}
	return CustomerScore{
		Status:            int(row.score_status),
		X:                 float64(row.x),
		Tx:                float64(row.t_x),
		T:                 float64(row.T),
		MeanSpend:         float64(row.mean_spend),
		LogLikelihood:     float64(row.log_likelihood),
		PAlive:            float64(row.p_alive),
		ExpectedPurchases: float64(row.expected_purchases),
		NoPurchase:        float64(row.no_purchase),
		ExpectedSpend:     float64(row.expected_spend),
		Value:             float64(row.clv),
		ValueP10:          float64(row.clv_p10),
		ValueP50:          float64(row.clv_p50),
		ValueP90:          float64(row.clv_p90),
		ValueLogMean:      float64(row.clv_mu),
		ValueLogDeviation: float64(row.clv_sigma),
		ValueLogSkew:      float64(row.clv_skew),
	}, nil
}
