package clv_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"runtime"
	"sync"
	"testing"

	"clv"
)

const (
	dayUs = 86_400_000_000
	given = `{"format": "clv.model/1", "unit": "week", "currency": "EUR",
		"purchase": {"model": "bg_nbd", "parameters": {"r": 0.8, "alpha": 2, "a": 0.8, "b": 2.5}},
		"spend": {"model": "gamma_gamma", "parameters": {"p": 6.25, "q": 3.75, "gamma": 15.5}}}`
)

// must ends the test where something that has to work does not.
func must[T any](made T, err error) T {
	if err != nil {
		panic(err)
	}
	return made
}

func same(t *testing.T, wanted, found any) {
	t.Helper()
	if !reflect.DeepEqual(wanted, found) {
		t.Fatalf("wanted %v, found %v", wanted, found)
	}
}

func refused(t *testing.T, err error) *clv.Error {
	t.Helper()
	var wrong *clv.Error
	if !errors.As(err, &wrong) {
		t.Fatalf("wanted an error of libclv, found %v", err)
	}
	return wrong
}

func orders(customers ...string) *clv.Columns {
	var times, cents []int64
	for i := range customers {
		times = append(times, (20_000+7*int64(i))*dayUs)
		cents = append(cents, 1000+int64(i))
	}
	return (&clv.Columns{}).Texts("customer", customers).Times("time", times).Money("amount", "EUR", cents)
}

func summary(customers ...string) (*clv.Table, error) {
	job, err := clv.Summarize(nil, orders(customers...))
	if err != nil {
		return nil, err
	}
	return job.Answer(context.Background())
}

func TestTextsAreUtf8(t *testing.T) {
	table := must(summary("björn", "Žofie", "客户"))
	defer table.Close()
	same(t, []string{"björn", "Žofie", "客户"}, must(table.Texts("customer")))
}

func TestAFailureHasStatusRowColumnAndSentence(t *testing.T) {
	_, err := summary("anna", "", "anna")
	wrong := refused(t, err)
	same(t, "CLV_E_DATA", wrong.Name())
	same(t, int64(1), wrong.Row)
	same(t, "customer", wrong.Column)
	same(t, "row 2, column 'customer': is empty", wrong.Error())
	same(t, true, errors.Is(err, clv.Status(clv.StatusData)))
	same(t, false, errors.Is(err, clv.Status(clv.StatusIo)))
}

func TestAHintComesAlong(t *testing.T) {
	table := must(summary("anna"))
	defer table.Close()
	_, err := table.Numbers("customer")
	same(t, "read it with clv_result_text", refused(t, err).Hint)
}

func TestWhatIsNotInATableIsAnError(t *testing.T) {
	table := must(summary("anna"))
	defer table.Close()
	_, err := table.Numbers("no_such")
	same(t, "the table has no column 'no_such'", refused(t, err).Error())
	_, err = table.Values(1, "customer")
	same(t, "row 1 is out of range; the table has 1 rows", refused(t, err).Error())
	same(t, true, math.IsNaN(table.Number("no_such", 0)))
}

func TestAnAbsentValueIsNaNOrNil(t *testing.T) {
	model := must(clv.LoadModel([]byte(given)))
	defer model.Close()
	rows := (&clv.Columns{}).Texts("customer", []string{"anna", "björn"}).Numbers("x", []float64{1, 2})
	rows.Numbers("t_x", []float64{5, 6}).Numbers("T", []float64{30, 30})
	rows.Numbers("mean_spend", []float64{12.5, 99}).Present([]bool{true, false})
	scores := must(must(clv.Score(nil, model, rows)).Answer(context.Background()))
	defer scores.Close()
	same(t, int64(1), must(scores.Column("mean_spend")).Absent)
	spend := must(scores.Numbers("mean_spend"))
	same(t, 12.5, spend[0])
	same(t, true, math.IsNaN(spend[1]))
	same(t, []any{"björn", nil}, must(scores.Values(1, "customer", "mean_spend")))
	same(t, []any{"anna", 12.5}, must(scores.Values(0, "customer", "mean_spend")))
}

func TestColumnsThatDoNotFitAreRefusedByTheVerb(t *testing.T) {
	uneven := (&clv.Columns{}).Numbers("x", []float64{1, 2}).Numbers("T", []float64{1, 2, 3})
	_, err := clv.Fit(nil, uneven)
	same(t, "column 'T' has 3 rows, the one before 2", refused(t, err).Error())
	_, err = clv.Report(&clv.ReportOptions{Report: "equity", Inputs: []clv.Named{{Name: "scores", Batch: uneven}}})
	same(t, "column 'T' has 3 rows, the one before 2", refused(t, err).Error())
	_, err = clv.Fit(nil, (&clv.Columns{}).Present([]bool{true}))
	same(t, clv.StatusInvalid, refused(t, err).Status)
}

func TestWithoutColumnsOrOptionsNothingCrashes(t *testing.T) {
	for _, batch := range []clv.Batch{nil, &clv.Columns{}, (&clv.Columns{}).Texts("customer", nil)} {
		_, err := clv.Summarize(nil, batch)
		same(t, true, refused(t, err).Status < 0)
	}
	_, err := clv.Score(nil, nil, orders("anna"))
	same(t, clv.StatusInvalid, refused(t, err).Status)
	_, err = clv.Report(nil)
	same(t, true, refused(t, err).Status < 0)
}

func TestACancelledJobEndsWithItsStatus(t *testing.T) {
	job := must(clv.Summarize(nil, orders("anna")))
	defer job.Close()
	job.Cancel()
	same(t, "CLV_E_CANCELLED", refused(t, job.Run(context.Background())).Name())
}

func TestAContextThatEndsLeavesTheStoreAsItWas(t *testing.T) {
	engine := must(clv.OpenEngine(nil))
	defer engine.Close()
	over, end := context.WithCancel(context.Background())
	end()
	_, err := must(engine.Ingest(nil, orders("anna"))).Answer(over)
	same(t, context.Canceled, err)
	taken := must(must(engine.Ingest(nil, orders("anna", "björn"))).Answer(context.Background()))
	defer taken.Close()
	same(t, 2.0, taken.Number("accepted", 0))
	log := must(must(engine.Read(&clv.TableOptions{Table: "transactions"})).Answer(context.Background()))
	defer log.Close()
	same(t, 2, log.Rows())
}

func TestAModelSavedAndLoadedIsTheSame(t *testing.T) {
	model := must(clv.LoadModel([]byte(given)))
	defer model.Close()
	again := must(clv.LoadModel(must(model.Save())))
	defer again.Close()
	same(t, must(model.Save()), must(again.Save()))
	parameters := must(again.Parameters())
	defer parameters.Close()
	same(t, "alpha", must(parameters.Texts("parameter"))[1])
	same(t, 2.0, must(parameters.Numbers("value"))[1])
}

func TestWhatIsClosedTwiceIsClosed(t *testing.T) {
	table := must(summary("anna"))
	table.Close()
	table.Close()
	same(t, 0, table.Rows())
	_, err := table.Numbers("x")
	same(t, true, err != nil)
}

// Jobs may go on in any goroutine, on any thread of the runtime; engines beside each other.
func TestEnginesInManyGoroutines(t *testing.T) {
	var all sync.WaitGroup
	prints := make([]string, 8)
	for i := range prints {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			engine := must(clv.OpenEngine(nil))
			defer engine.Close()
			job := must(engine.Ingest(&clv.IngestOptions{Source: "shop"}, orders("anna", "björn", "anna")))
			defer job.Close()
			for more := true; more; {
				runtime.Gosched()
				more = must(job.Step(1))
			}
			log := must(must(engine.Read(&clv.TableOptions{Table: "transactions"})).Answer(context.Background()))
			defer log.Close()
			prints[i] = log.Fingerprint()
		}(i)
	}
	all.Wait()
	for _, each := range prints {
		same(t, prints[0], each)
	}
	same(t, 32, len(prints[0]))
}

func TestSlicesAreReadWhereTheyLieWhileTheCollectorRuns(t *testing.T) {
	stop := make(chan bool)
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	defer close(stop)
	for range make([]int, 200) {
		table := must(summary("anna", "björn", "anna", "客户"))
		same(t, []string{"anna", "björn", "客户"}, must(table.Texts("customer")))
		table.Close()
	}
}
