// Sends a log of orders to clvd, has a model fitted, and prints what three customers are worth.
//
//	CLV_TOKEN=clv_... ./client -socket /run/clvd/clvd.sock -log orders.csv
//
// Start it again after a break at any point: it goes on where the server's disk says.
package main

import (
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"strings"
	"time"

	clv "clv_client/clvv1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/timestamppb"
)

const batchRows = 5 // small, to show several; up to max_batch_items

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal("clvd: ", err)
	}
	return value
}

// Columns event_id, customer, time, amount.
func transactions(path string) (all []*clv.Transaction) {
	file := must(os.Open(path))
	defer file.Close()
	for _, row := range must(csv.NewReader(file).ReadAll())[1:] {
		at := must(time.Parse(time.RFC3339, row[2]))
		cents := must(strconv.ParseInt(strings.Replace(row[3], ".", "", 1), 10, 64)) // never a float
		all = append(all, &clv.Transaction{EventId: row[0], Customer: row[1],
			Time: timestamppb.New(at), Amount: &clv.Money{CurrencyCode: "EUR", MinorUnits: cents}})
	}
	return all
}

func openFrame() *clv.IngestStreamRequest {
	open := &clv.IngestStreamRequest_Open{Source: "shop", ProducerId: "orders"}
	return &clv.IngestStreamRequest{Frame: &clv.IngestStreamRequest_Open_{Open: open}}
}

func batchFrame(sequence int64, rows []*clv.Transaction) *clv.IngestStreamRequest {
	events := &clv.EventBatch{Transactions: rows}
	batch := &clv.IngestStreamRequest_Batch{Sequence: sequence, Events: events}
	return &clv.IngestStreamRequest{Frame: &clv.IngestStreamRequest_Batch_{Batch: batch}}
}

// Batch n of the file has sequence n, so that `opened` says which are on disk already.
func send(ctx context.Context, conn *grpc.ClientConn, path string) {
	rows := transactions(path)
	stream := must(clv.NewIngestServiceClient(conn).IngestStream(ctx))
	stream.Send(openFrame()) // what goes wrong with Send, Recv says
	opened := must(stream.Recv()).GetOpened()
	durable, window := opened.DurableSequence, int64(opened.Window)
	var accepted, duplicates int64
	take := func(ack *clv.IngestStreamResponse_Ack) {
		durable, window = ack.DurableSequence, int64(ack.Window)
		accepted, duplicates = accepted+ack.AcceptedCount, duplicates+ack.DuplicateCount
	}
	for sequence := durable + 1; (sequence-1)*batchRows < int64(len(rows)); sequence++ {
		for sequence-durable > window { // as many may be on their way; an ack covers several
			take(must(stream.Recv()).GetAck())
		}
		from := rows[(sequence-1)*batchRows:]
		stream.Send(batchFrame(sequence, from[:min(batchRows, len(from))]))
	}
	stream.CloseSend()
	for response, err := stream.Recv(); err != io.EOF; response, err = stream.Recv() {
		take(must(response, err).GetAck())
	}
	fmt.Printf("sent after batch %d: %d new, %d known\n", opened.DurableSequence, accepted, duplicates)
}

// A job: it goes on when this client goes away. Give it a request_id, and a repeat finds it again.
func fit(ctx context.Context, conn *grpc.ClientConn) {
	request := &clv.FitModelRequest{PromoteTo: "aliases/production"}
	job := must(clv.NewModelServiceClient(conn).FitModel(ctx, request)).Job
	watch := &clv.WatchJobRequest{Name: job.Name}
	stream := must(clv.NewJobServiceClient(conn).WatchJob(ctx, watch))
	for response, err := stream.Recv(); err != io.EOF; response, err = stream.Recv() {
		job = must(response, err).Job
	}
	words := append([]string{job.Kind, job.State.String()}, job.Warnings...)
	fmt.Println(strings.TrimSpace(strings.Join(append(words, job.Error.GetMessage()), " ")))
}

func score(ctx context.Context, conn *grpc.ClientConn, customers ...string) {
	asOf := timestamppb.New(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC))
	request := &clv.ScoreCustomersRequest{Customers: customers, AsOf: asOf}
	response := must(clv.NewScoringServiceClient(conn).ScoreCustomers(ctx, request))
	for _, row := range response.Rows {
		fmt.Printf("%s %#.17g %s\n", row.Customer, row.GetClv(), response.CurrencyCode)
	}
}

func main() {
	log.SetFlags(0)
	socket := flag.String("socket", "/run/clvd/clvd.sock", "path that clvd serves on")
	path := flag.String("log", "orders.csv", "event_id,customer,time,amount")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if token := os.Getenv("CLV_TOKEN"); token != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
	}
	local := grpc.WithTransportCredentials(insecure.NewCredentials())
	conn := must(grpc.NewClient("unix:"+*socket, local))
	defer conn.Close()
	send(ctx, conn, *path)
	fit(ctx, conn)
	score(ctx, conn, "c000001", "c000003", "c000011")
}
