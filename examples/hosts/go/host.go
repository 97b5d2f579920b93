// The host job of ../README.md in Go: host LIBRARY PLUGIN ORDERS. LIBRARY is linked already.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"clv"
)

const (
	nowUs  = 1_735_689_600_000_000 // 2025-01-01T00:00:00Z
	weekUs = 604_800_000_000
)

func must[T any](made T, err error) T {
	if err != nil {
		log.Fatal(err) // a service hands its errors on
	}
	return made
}

func answer(job *clv.Job, err error) *clv.Table {
	return must(must(job, err).Answer(context.Background())) // a web server gives its request's context
}

// show prints a line per row that has all these values, and closes the table.
func show(label string, t *clv.Table, columns ...string) {
	defer t.Close()
rows:
	for row := 0; row < t.Rows(); row++ {
		line := label
		for i, value := range must(t.Values(row, columns...)) {
			switch value := value.(type) {
			case nil:
				continue rows
			case float64:
				line += fmt.Sprintf(" %.6f", value)
			default:
				unit := must(t.Column(columns[i])).Unit
				line += strings.TrimRight(fmt.Sprintf(" %v %s", value, unit), " ")
			}
		}
		fmt.Println(line)
	}
}

func main() {
	major, minor := clv.Abi()
	fmt.Printf("abi %d.%d\n", major, minor)
	engine := must(clv.OpenEngine(nil)) // in memory
	defer engine.Close()
	log := answer(clv.ReadCSV(&clv.CsvOptions{Path: os.Args[3], Currency: "EUR"}))
	defer log.Close()
	fmt.Println("read", log.Rows(), "transactions")
	in := answer(engine.Ingest(&clv.IngestOptions{Source: "shop", Currency: "EUR"}, log))
	fmt.Println("ingested", in.Number("accepted", 0), "accepted", in.Number("duplicates", 0), "duplicates")

	fitted := answer(engine.Fit(nil, &clv.FitOptions{Model: "bg_nbd+gamma_gamma"}))
	show("parameter", fitted, "model", "parameter", "value")
	value := clv.ScoreOptions{Margin: .3, AnnualDiscount: .1}
	scores := answer(engine.Score(&value))
	defer scores.Close()
	sum := 0.0
	for _, each := range must(scores.Numbers("clv")) {
		sum += each
	}
	fmt.Printf("scores %d %s\nvalue %.6f\n", scores.Rows(), scores.Fingerprint(), sum)
	tiers := must(engine.Segment(&clv.SegmentOptions{Scheme: "value_tier"}))
	defer tiers.Close()
	must(tiers, tiers.Run(context.Background()))
	show("segment", must(tiers.Take("profile")), "segment", "customers")

	// The plugin proposes, libclv decides within 5 cents.
	plugins := must(clv.NewPlugins())
	defer plugins.Close()
	must(plugins, plugins.Load(&clv.PluginOptions{NowUs: nowUs, Seed: 7}, os.Args[2]))
	spend := clv.DecideOptions{BudgetMinor: 5, Margin: .3, NowUs: nowUs, Flags: clv.DecideHasBudget | clv.DecideNoHoldout}
	show("decision", answer(engine.Decide(plugins, &spend)), "customer", "action", "net")
	scorer := must(clv.NewScorer(&value, must(engine.Model(""))))
	defer scorer.Close()
	one := must(scorer.Score(3, 20, 30, 25))
	fmt.Printf("customer %.6f %.6f\n", one.PAlive, one.Value)

	// The host's own slices, without an engine.
	for _, second := range []string{"björn", ""} {
		own := (&clv.Columns{}).Texts("customer", []string{"anna", second, "anna"})
		own.Times("time", []int64{nowUs, nowUs + weekUs, nowUs + 2*weekUs}).Money("amount", "EUR", []int64{1999, 500, 2450})
		summary, err := must(clv.Summarize(nil, own)).Answer(context.Background())
		if wrong, refused := err.(*clv.Error); refused {
			fmt.Println("refused", wrong.Row, wrong.Column, wrong.Name(), wrong.Message)
			return
		}
		show("summary", summary, "customer", "x", "t_x", "T", "mean_spend", "revenue")
	}
}
