package clv_test

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"sort"
	"strings"
	"testing"
	"unsafe"

	"clv"
)

func answer(job *clv.Job, err error) *clv.Table {
	return must(must(job, err).Answer(context.Background()))
}

// shop is an engine in which eight customers have bought, at a path or in memory.
func shop(path string) *clv.Engine {
	engine := must(clv.OpenEngine(&clv.EngineOptions{Path: path}))
	var customers []string
	var times, cents []int64
	for k := int64(0); k < 8; k++ {
		for day := k; day <= 30+20*k; day += 5 + 3*k {
			customers = append(customers, "c"+string(rune('0'+k)))
			times = append(times, (20_000+day)*dayUs)
			cents = append(cents, 2000+500*k)
		}
	}
	log := (&clv.Columns{}).Texts("customer", customers).Times("time", times).Money("amount", "EUR", cents)
	answer(engine.Ingest(&clv.IngestOptions{Source: "shop"}, log)).Close()
	return engine
}

func fitted(path string) *clv.Engine {
	engine := shop(path)
	answer(engine.Fit(nil, &clv.FitOptions{Model: "nbd"})).Close()
	answer(engine.Score(nil)).Close()
	return engine
}

func TestEveryFunctionOfTheHeadersIsCalled(t *testing.T) {
	headers := must(filepath.Glob("../../include/clv*.h"))
	if len(headers) == 0 {
		t.Skip("the headers are not beside this folder")
	}
	declared := regexp.MustCompile(`CLV_CALL (clv_\w+)\(`)
	called := map[string]bool{}
	for _, name := range must(filepath.Glob("*.go")) {
		for _, each := range regexp.MustCompile(`C\.(clv_\w+)\(`).FindAllStringSubmatch(string(must(os.ReadFile(name))), -1) {
			called[each[1]] = true
		}
	}
	var missing []string
	functions := 0
	for _, name := range headers {
		for _, each := range declared.FindAllStringSubmatch(string(must(os.ReadFile(name))), -1) {
			functions++
			if !called[each[1]] {
				missing = append(missing, each[1])
			}
		}
	}
	sort.Strings(missing)
	same(t, true, functions > 80)
	// A diag is made anew for each call, and read entry by entry.
	same(t, []string{"clv_diag_clear", "clv_diag_text"}, missing)
}

func TestAStoredTableIsReadByPages(t *testing.T) {
	engine := shop("")
	defer engine.Close()
	all := answer(engine.Read(&clv.TableOptions{Table: "transactions"}))
	defer all.Close()
	page := answer(engine.Read(&clv.TableOptions{Table: "transactions", First: 5, Count: 3}))
	defer page.Close()
	same(t, 3, page.Rows())
	same(t, must(all.Integers("time"))[5:8], must(page.Integers("time")))
}

func TestAReadersWorkIsAdoptedOnceUnderItsKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.clv")
	engine := shop(path)
	defer engine.Close()
	reader := must(clv.OpenEngine(&clv.EngineOptions{Path: path, Flags: clv.OpenReadOnly}))
	defer reader.Close()
	fit := must(reader.Fit(nil, &clv.FitOptions{Model: "nbd"}))
	defer fit.Close()
	must(fit, fit.Run(context.Background()))
	once := &clv.RunOptions{Answer: &clv.Answer{Key: "fit-1", BodyHash: "h", Bytes: []byte("done")}}
	answer(engine.Adopt(once, fit)).Close()
	kept := must(engine.Answer("fit-1"))
	same(t, clv.Answer{Key: "fit-1", BodyHash: "h", Bytes: []byte("done"), Made: 1}, *kept)
	again, err := engine.Adopt(once, fit)
	if err == nil {
		defer again.Close()
		err = again.Run(context.Background())
	}
	same(t, "CLV_E_EXISTS", refused(t, err).Name())
	_, err = engine.Answer("fit-2")
	same(t, "CLV_E_NOT_FOUND", refused(t, err).Name())
}

// pages is a source of so many batches, then of err.
func pages(count int, err error) func() (clv.Batch, error) {
	given := 0
	return func() (clv.Batch, error) {
		if given == count {
			return nil, err
		}
		given++
		runtime.GC()
		return orders("anna", "björn", "page"+string(rune('0'+given))), nil
	}
}

func TestEventsComeFromASourceInOneTransaction(t *testing.T) {
	engine := must(clv.OpenEngine(nil))
	defer engine.Close()
	source := &clv.IngestOptions{Source: "shop"}
	for _, each := range []struct {
		next func() (clv.Batch, error)
		says string
	}{
		{pages(2, errors.New("the queue is gone")), "the queue is gone"},
		{func() (clv.Batch, error) { panic("in the host") }, "in the host"},
		{func() (clv.Batch, error) { return orders("a").Numbers("x", []float64{1, 2}), nil }, "column 'x' has 2 rows, the one before 1"},
	} {
		_, err := must(engine.IngestSource(source, each.next)).Answer(context.Background())
		same(t, true, strings.Contains(refused(t, err).Error(), each.says))
	}
	closed := must(clv.OpenEngine(nil))
	closed.Close()
	_, err := closed.IngestSource(source, pages(1, io.EOF))
	same(t, clv.StatusInvalid, refused(t, err).Status)
	taken := answer(engine.IngestSource(source, pages(5, io.EOF)))
	defer taken.Close()
	same(t, 15.0, taken.Number("accepted", 0)+taken.Number("duplicates", 0))
	log := answer(engine.Read(&clv.TableOptions{Table: "known_customers"}))
	defer log.Close()
	same(t, []string{"anna", "björn", "page1", "page2", "page3", "page4", "page5"}, must(log.Texts("customer")))
}

func TestModelsHaveNumbersAndAliases(t *testing.T) {
	engine := fitted("")
	defer engine.Close()
	model := must(clv.LoadModel([]byte(given)))
	defer model.Close()
	same(t, "2", must(engine.AddModel(nil, model, 0)))
	first := must(engine.SetAlias(&clv.AliasOptions{Alias: "production", Model: "1", Flags: clv.AliasUnchecked}))
	second := must(engine.SetAlias(&clv.AliasOptions{Alias: "production", Model: "2", Etag: first, Flags: clv.AliasUnchecked}))
	same(t, true, first != second)
	_, err := engine.SetAlias(&clv.AliasOptions{Alias: "production", Model: "1", Etag: first, Flags: clv.AliasUnchecked})
	same(t, "CLV_E_CONFLICT", refused(t, err).Name())
	must(engine, engine.RetireModel(nil, "1"))
	named := must(engine.Model("production"))
	defer named.Close()
	parameters := must(named.Parameters())
	defer parameters.Close()
	same(t, "bg_nbd", must(parameters.Texts("model"))[0])
}

func TestAGroupAnswersEachBatch(t *testing.T) {
	engine := must(clv.OpenEngine(nil))
	defer engine.Close()
	batches := []clv.KeyedBatch{
		{Key: "a", Sequence: 1, Source: "shop", Rows: orders("anna")},
		{Key: "b", Source: "shop", Rows: orders("")},
	}
	taken := answer(engine.Group(nil, batches...))
	defer taken.Close()
	same(t, []int64{clv.StatusOk, clv.StatusData}, must(taken.Integers("status")))
	same(t, int64(1), must(engine.Sequence("a")))
	same(t, int64(0), must(engine.Sequence("b")))
}

func TestCustomersArePrunedSummarizedExportedAndForgotten(t *testing.T) {
	engine := shop("")
	defer engine.Close()
	summary := answer(engine.Summarize(nil, "c5", "c2", "nobody"))
	defer summary.Close()
	same(t, []string{"c2", "c5"}, must(summary.Texts("customer")))
	exported := answer(engine.Export(nil, "c2"))
	defer exported.Close()
	same(t, true, exported.Rows() > 0)
	answer(engine.Forget(nil, "c2")).Close()
	pruned := answer(engine.Prune(nil, "transactions", (20_000+60)*dayUs))
	defer pruned.Close()
	same(t, true, pruned.Number("rows", 0) > 0)
	left := answer(engine.Summarize(nil, "c0", "c2", "c7"))
	defer left.Close()
	same(t, []string{"c7"}, must(left.Texts("customer")))
}

func TestABackupIsCheckedRestoredAndCurrent(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	engine := shop(at("shop.clv"))
	defer engine.Close()
	answer(engine.Backup(nil, at("copy.clv"))).Close()
	answer(clv.RestoreStore(nil, at("copy.clv"), at("again.clv"))).Close()
	checks := answer(clv.CheckStore(nil, at("again.clv")))
	defer checks.Close()
	for _, status := range must(checks.Texts("status")) {
		same(t, "ok", status)
	}
	answer(clv.MigrateStore(nil, at("again.clv"), "")).Close()
	again := must(clv.OpenEngine(&clv.EngineOptions{Path: at("again.clv")}))
	defer again.Close()
	one, other := answer(engine.Read(&clv.TableOptions{Table: "transactions"})), answer(again.Read(&clv.TableOptions{Table: "transactions"}))
	defer one.Close()
	defer other.Close()
	same(t, one.Rows(), other.Rows())
}

func TestAPluginIsDescribedLoadedAndComputesFeatures(t *testing.T) {
	path := os.Getenv("CLV_TEST_PLUGIN")
	if path == "" {
		t.Skip("CLV_TEST_PLUGIN names no plugin that computes features")
	}
	described := must(clv.DescribePlugin(nil, path))
	defer described.Close()
	plugins := must(clv.NewPlugins())
	defer plugins.Close()
	must(plugins, plugins.Load(nil, path))
	listed := must(plugins.List())
	defer listed.Close()
	same(t, must(listed.Texts("id")), must(described.Texts("id")))
	engine := fitted("")
	defer engine.Close()
	features := answer(engine.Features(plugins, nil))
	defer features.Close()
	same(t, 8, features.Rows())
	same(t, true, strings.HasPrefix(must(features.Columns())[1].Name, "feature."))
	candidates := answer(engine.Read(&clv.TableOptions{Table: "candidates"}))
	defer candidates.Close()
	direct := answer(plugins.Features(nil, candidates))
	defer direct.Close()
	same(t, must(features.Columns()), must(direct.Columns()))
}

func TestAnArrowStreamIsABatch(t *testing.T) {
	model := must(clv.LoadModel([]byte(given)))
	defer model.Close()
	table := must(summary("anna", "björn", "anna"))
	defer table.Close()
	var stream [5]uintptr // as large as an ArrowArrayStream
	must(table, table.ExportArrow(unsafe.Pointer(&stream)))
	arrow := must(clv.ImportArrow(unsafe.Pointer(&stream)))
	direct, byArrow := answer(clv.Score(nil, model, table)), answer(clv.Score(nil, model, arrow))
	defer direct.Close()
	defer byArrow.Close()
	same(t, direct.Fingerprint(), byArrow.Fingerprint())
	arrow.Close()
	arrow.Close()
	_, err := clv.Score(nil, model, arrow)
	same(t, "the Arrow table is closed", refused(t, err).Error())
}

func TestAHistoryScoresAsItsEvents(t *testing.T) {
	model := must(clv.LoadModel([]byte(given)))
	defer model.Close()
	scorer := must(clv.NewScorer(nil, model))
	defer scorer.Close()
	var history clv.History
	for _, day := range []int64{20_000, 20_007, 20_021} {
		must(history, history.Add(day, 1250))
	}
	same(t, true, refused(t, history.Add(20_000, 1)).Status < 0)
	same(t, int64(3), history.Purchases)
	kept := must(scorer.ScoreHistory(&history, 20_070))
	same(t, []float64{2, 3, 10, 12.5}, []float64{kept.X, kept.Tx, kept.T, kept.MeanSpend})
	same(t, must(scorer.Score(2, 3, 10, 12.5)).Value, kept.Value)
	same(t, false, math.IsNaN(kept.Value))
}

func TestATextWithANulByteIsRefusedBeforeAnythingIsDone(t *testing.T) {
	folder := t.TempDir()
	_, err := clv.OpenEngine(&clv.EngineOptions{Path: filepath.Join(folder, "shop\x00.clv")})
	same(t, clv.StatusInvalid, refused(t, err).Status)
	same(t, true, strings.HasPrefix(err.Error(), "a text has a NUL byte after"))
	same(t, 0, len(must(os.ReadDir(folder))))
	_, err = clv.Catalogue("models\x00")
	same(t, `a text has a NUL byte after "models", where C would end it`, refused(t, err).Error())
	engine := shop("")
	defer engine.Close()
	_, err = engine.Forget(nil, "c2\x00")
	refused(t, err)
	_, err = engine.Summarize(nil, "c2\x00")
	refused(t, err)
	table := must(summary("anna"))
	defer table.Close()
	_, err = table.Numbers("x\x00")
	refused(t, err)
	_, err = clv.Summarize(nil, (&clv.Columns{}).Texts("customer\x00", []string{"anna"}))
	refused(t, err)
	_, err = summary("anna", "a\x00b")
	same(t, true, refused(t, err).Status < 0)
}

func TestTheNextVerbWorksAfterAFailedACancelledAndALeftJob(t *testing.T) {
	engine := shop("")
	defer engine.Close()
	works := func() { answer(engine.Fit(nil, &clv.FitOptions{Model: "nbd"})).Close() }
	_, err := must(engine.Fit(nil, &clv.FitOptions{Model: "nbd", Fixed: "no_such=1"})).Answer(context.Background())
	refused(t, err)
	works()
	over, end := context.WithCancel(context.Background())
	end()
	cancelled := must(engine.Fit(nil, nil))
	defer cancelled.Close() // only at the end of the test
	same(t, context.Canceled, cancelled.Run(over))
	works()
	func() {
		left := must(engine.Fit(nil, nil))
		defer left.Close()
		must(left.Step(1))
	}()
	works()
}
