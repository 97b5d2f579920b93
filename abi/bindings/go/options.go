// Code generated from abi/include by abi/generate; DO NOT EDIT.
// What each is for: clv.h, or abi/REFERENCE.md.

package clv

// #include "clv.h"
import "C"

// The constants of clv.h.
const (
	VersionMajor       = 0
	VersionMinor       = 1
	VersionPatch       = 0
	AbiMajor           = 1
	AbiMinor           = 0
	StatusOk           = 0
	StatusMore         = 1
	StatusEnd          = 2
	StatusInvalid      = -1
	StatusUnsupported  = -2
	StatusAbi          = -3
	StatusNoMemory     = -4
	StatusState        = -5
	StatusNotFound     = -6
	StatusData         = -7
	StatusNumeric      = -8
	StatusIo           = -9
	StatusBusy         = -10
	StatusCancelled    = -11
	StatusPlugin       = -12
	StatusPermission   = -13
	StatusInternal     = -14
	StatusExists       = -15
	StatusConflict     = -16
	StatusLimit        = -17
	StatusCorrupt      = -18
	StatusFull         = -19
	LogDebug           = 0
	LogInfo            = 1
	LogWarn            = 2
	LogError           = 3
	TypeI32            = 1
	TypeI64            = 2
	TypeF64            = 3
	TypeTime           = 4
	TypeMoney          = 5
	TypeUtf8           = 6
	SummarizeDropZero  = 1
	ScoreProcessOnly   = 1
	ScoreSummarize     = 2
	ScoredOk           = 0
	ScoredPriorOnly    = 1
	ScoredInsufficient = 2
	ScoredNotConverged = 3
	DecideHasBudget    = 1
	DecideNoHoldout    = 2
	DecideWhatIf       = 4
	OpenReadOnly       = 1
	OpenAnyAge         = 2
	BatchPartial       = 1
	BatchValidateOnly  = 2
	AnswerForgotten    = 1
	AliasRollback      = 1
	AliasUnchecked     = 2
)

// RunOptions is clv_run_options: zero values are the defaults.
type RunOptions struct {
	Flags  uint32
	Answer *Answer
}

func (o *RunOptions) c(m *memory) *C.clv_run_options {
	if o == nil {
		return nil
	}
	c := (*C.clv_run_options)(m.zeroed(C.sizeof_clv_run_options))
	c.struct_size = C.sizeof_clv_run_options
	c.flags = C.uint32_t(o.Flags)
	c.answer = m.answer(o.Answer)
	return c
}

// CsvOptions is clv_csv_options: zero values are the defaults.
type CsvOptions struct {
	Flags       uint32
	Path        string
	Text        []byte
	Schema      string
	Map         string
	Currency    string
	TimeZone    string
	NowUs       int64
	MaxRejects  int64
	Extra       string
	MemoryLimit int64
}

func (o *CsvOptions) c(m *memory) *C.clv_csv_options {
	if o == nil {
		return nil
	}
	c := (*C.clv_csv_options)(m.zeroed(C.sizeof_clv_csv_options))
	c.struct_size = C.sizeof_clv_csv_options
	c.flags = C.uint32_t(o.Flags)
	c.path = m.text(o.Path)
	c.text = m.bytes(o.Text)
	c.size = C.int64_t(len(o.Text))
	c.schema = m.text(o.Schema)
	c._map = m.text(o.Map)
	c.currency = m.text(o.Currency)
	c.time_zone = m.text(o.TimeZone)
	c.now_us = C.int64_t(o.NowUs)
	c.max_rejects = C.int64_t(o.MaxRejects)
	c.extra = m.text(o.Extra)
	c.memory_limit = C.int64_t(o.MemoryLimit)
	return c
}

// SummarizeOptions is clv_summarize_options: zero values are the defaults.
type SummarizeOptions struct {
	Flags    uint32
	Unit     string
	TimeZone string
	Currency string
	AsOfUs   int64
}

func (o *SummarizeOptions) c(m *memory) *C.clv_summarize_options {
	if o == nil {
		return nil
	}
	c := (*C.clv_summarize_options)(m.zeroed(C.sizeof_clv_summarize_options))
	c.struct_size = C.sizeof_clv_summarize_options
	c.flags = C.uint32_t(o.Flags)
	c.unit = m.text(o.Unit)
	c.time_zone = m.text(o.TimeZone)
	c.currency = m.text(o.Currency)
	c.as_of_us = C.int64_t(o.AsOfUs)
	return c
}

// FitOptions is clv_fit_options: zero values are the defaults.
type FitOptions struct {
	Threads               uint32
	Model                 string
	Tolerance             float64
	MaxIterations         int32
	Flags                 uint32
	Unit                  string
	TimeZone              string
	Currency              string
	AsOfUs                int64
	TransactionCovariates string
	LifeCovariates        string
	EqualCovariates       string
	Priors                string
	Fixed                 string
	L2Transaction         float64
	L2Life                float64
	PeriodsPerYear        float64
	NowUs                 int64
}

func (o *FitOptions) c(m *memory) *C.clv_fit_options {
	if o == nil {
		return nil
	}
	c := (*C.clv_fit_options)(m.zeroed(C.sizeof_clv_fit_options))
	c.struct_size = C.sizeof_clv_fit_options
	c.threads = C.uint32_t(o.Threads)
	c.model = m.text(o.Model)
	c.tolerance = C.double(o.Tolerance)
	c.max_iterations = C.int32_t(o.MaxIterations)
	c.flags = C.uint32_t(o.Flags)
	c.unit = m.text(o.Unit)
	c.time_zone = m.text(o.TimeZone)
	c.currency = m.text(o.Currency)
	c.as_of_us = C.int64_t(o.AsOfUs)
	c.transaction_covariates = m.text(o.TransactionCovariates)
	c.life_covariates = m.text(o.LifeCovariates)
	c.equal_covariates = m.text(o.EqualCovariates)
	c.priors = m.text(o.Priors)
	c.fixed = m.text(o.Fixed)
	c.l2_transaction = C.double(o.L2Transaction)
	c.l2_life = C.double(o.L2Life)
	c.periods_per_year = C.double(o.PeriodsPerYear)
	c.now_us = C.int64_t(o.NowUs)
	return c
}

// ScoreOptions is clv_score_options: zero values are the defaults.
type ScoreOptions struct {
	Threads        uint32
	Horizon        float64
	AnnualDiscount float64
	Margin         float64
	Quantities     string
	Flags          uint32
	Model          string
	AsOfUs         int64
}

func (o *ScoreOptions) c(m *memory) *C.clv_score_options {
	if o == nil {
		return nil
	}
	c := (*C.clv_score_options)(m.zeroed(C.sizeof_clv_score_options))
	c.struct_size = C.sizeof_clv_score_options
	c.threads = C.uint32_t(o.Threads)
	c.horizon = C.double(o.Horizon)
	c.annual_discount = C.double(o.AnnualDiscount)
	c.margin = C.double(o.Margin)
	c.quantities = m.text(o.Quantities)
	c.flags = C.uint32_t(o.Flags)
	c.model = m.text(o.Model)
	c.as_of_us = C.int64_t(o.AsOfUs)
	return c
}

// SegmentOptions is clv_segment_options: zero values are the defaults.
type SegmentOptions struct {
	Flags       uint32
	Scheme      string
	OptionsJson string
}

func (o *SegmentOptions) c(m *memory) *C.clv_segment_options {
	if o == nil {
		return nil
	}
	c := (*C.clv_segment_options)(m.zeroed(C.sizeof_clv_segment_options))
	c.struct_size = C.sizeof_clv_segment_options
	c.flags = C.uint32_t(o.Flags)
	c.scheme = m.text(o.Scheme)
	c.options_json = m.text(o.OptionsJson)
	return c
}

// SimulateOptions is clv_simulate_options: zero values are the defaults.
type SimulateOptions struct {
	Flags           uint32
	Customers       int64
	Seed            uint64
	StartUs         int64
	AcquisitionDays float64
	ObservedDays    float64
	RefundShare     float64
	Currency        string
}

func (o *SimulateOptions) c(m *memory) *C.clv_simulate_options {
	if o == nil {
		return nil
	}
	c := (*C.clv_simulate_options)(m.zeroed(C.sizeof_clv_simulate_options))
	c.struct_size = C.sizeof_clv_simulate_options
	c.flags = C.uint32_t(o.Flags)
	c.customers = C.int64_t(o.Customers)
	c.seed = C.uint64_t(o.Seed)
	c.start_us = C.int64_t(o.StartUs)
	c.acquisition_days = C.double(o.AcquisitionDays)
	c.observed_days = C.double(o.ObservedDays)
	c.refund_share = C.double(o.RefundShare)
	c.currency = m.text(o.Currency)
	return c
}

// ReportOptions is clv_report_options: zero values are the defaults.
type ReportOptions struct {
	Report      string
	OptionsJson string
	Inputs      []Named
	Model       *Model
}

func (o *ReportOptions) c(m *memory) *C.clv_report_options {
	if o == nil {
		return nil
	}
	c := (*C.clv_report_options)(m.zeroed(C.sizeof_clv_report_options))
	c.struct_size = C.sizeof_clv_report_options
	c.report = m.text(o.Report)
	c.options_json = m.text(o.OptionsJson)
	c.inputs = m.named(o.Inputs)
	c.n_inputs = C.int32_t(len(o.Inputs))
	c.model = o.Model.pointer()
	return c
}

// PluginOptions is clv_plugin_options: zero values are the defaults.
type PluginOptions struct {
	Flags      uint32
	ConfigJson string
	Grant      string
	Seed       uint64
	NowUs      int64
	AbiCap     uint32
}

func (o *PluginOptions) c(m *memory) *C.clv_plugin_options {
	if o == nil {
		return nil
	}
	c := (*C.clv_plugin_options)(m.zeroed(C.sizeof_clv_plugin_options))
	c.struct_size = C.sizeof_clv_plugin_options
	c.flags = C.uint32_t(o.Flags)
	c.config_json = m.text(o.ConfigJson)
	c.grant = m.text(o.Grant)
	c.seed = C.uint64_t(o.Seed)
	c.now_us = C.int64_t(o.NowUs)
	c.abi_cap = C.uint32_t(o.AbiCap)
	return c
}

// DecideOptions is clv_decide_options: zero values are the defaults.
type DecideOptions struct {
	Flags        uint32
	BudgetMinor  int64
	Z            float64
	HoldoutShare float64
	HoldoutSalt  string
	Margin       float64
	NowUs        int64
	PolicyJson   string
	Facts        []Named
	PreviousHash string
	Proposals    Batch
	Model        string
}

func (o *DecideOptions) c(m *memory) *C.clv_decide_options {
	if o == nil {
		return nil
	}
	c := (*C.clv_decide_options)(m.zeroed(C.sizeof_clv_decide_options))
	c.struct_size = C.sizeof_clv_decide_options
	c.flags = C.uint32_t(o.Flags)
	c.budget_minor = C.int64_t(o.BudgetMinor)
	c.z = C.double(o.Z)
	c.holdout_share = C.double(o.HoldoutShare)
	c.holdout_salt = m.text(o.HoldoutSalt)
	c.margin = C.double(o.Margin)
	c.now_us = C.int64_t(o.NowUs)
	c.policy_json = m.text(o.PolicyJson)
	c.facts = m.named(o.Facts)
	c.n_facts = C.int32_t(len(o.Facts))
	c.previous_hash = m.text(o.PreviousHash)
	c.proposals = m.batch(o.Proposals)
	c.model = m.text(o.Model)
	return c
}

// EngineOptions is clv_engine_options: zero values are the defaults.
type EngineOptions struct {
	Threads     uint32
	Path        string
	Flags       uint32
	MemoryLimit int64
}

func (o *EngineOptions) c(m *memory) *C.clv_engine_options {
	if o == nil {
		return nil
	}
	c := (*C.clv_engine_options)(m.zeroed(C.sizeof_clv_engine_options))
	c.struct_size = C.sizeof_clv_engine_options
	c.threads = C.uint32_t(o.Threads)
	c.path = m.text(o.Path)
	c.flags = C.uint32_t(o.Flags)
	c.memory_limit = C.int64_t(o.MemoryLimit)
	return c
}

// IngestOptions is clv_ingest_options: zero values are the defaults.
type IngestOptions struct {
	Flags    uint32
	Source   string
	Currency string
	NowUs    int64
}

func (o *IngestOptions) c(m *memory) *C.clv_ingest_options {
	if o == nil {
		return nil
	}
	c := (*C.clv_ingest_options)(m.zeroed(C.sizeof_clv_ingest_options))
	c.struct_size = C.sizeof_clv_ingest_options
	c.flags = C.uint32_t(o.Flags)
	c.source = m.text(o.Source)
	c.currency = m.text(o.Currency)
	c.now_us = C.int64_t(o.NowUs)
	return c
}

// TableOptions is clv_table_options: zero values are the defaults.
type TableOptions struct {
	Flags uint32
	Table string
	First int64
	Count int64
}

func (o *TableOptions) c(m *memory) *C.clv_table_options {
	if o == nil {
		return nil
	}
	c := (*C.clv_table_options)(m.zeroed(C.sizeof_clv_table_options))
	c.struct_size = C.sizeof_clv_table_options
	c.flags = C.uint32_t(o.Flags)
	c.table = m.text(o.Table)
	c.first = C.int64_t(o.First)
	c.count = C.int64_t(o.Count)
	return c
}

// AliasOptions is clv_alias_options: zero values are the defaults.
type AliasOptions struct {
	Flags    uint32
	Alias    string
	Model    string
	Etag     int64
	NowUs    int64
	MaxAgeUs int64
	Answer   *Answer
}

func (o *AliasOptions) c(m *memory) *C.clv_alias_options {
	if o == nil {
		return nil
	}
	c := (*C.clv_alias_options)(m.zeroed(C.sizeof_clv_alias_options))
	c.struct_size = C.sizeof_clv_alias_options
	c.flags = C.uint32_t(o.Flags)
	c.alias = m.text(o.Alias)
	c.model = m.text(o.Model)
	c.etag = C.int64_t(o.Etag)
	c.now_us = C.int64_t(o.NowUs)
	c.max_age_us = C.int64_t(o.MaxAgeUs)
	c.answer = m.answer(o.Answer)
	return c
}
