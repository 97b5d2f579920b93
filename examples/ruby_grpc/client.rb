# Sends a log of orders to clvd, has a model fitted, and prints what three customers are worth.
#
#   CLV_TOKEN=clv_... ruby -I stubs client.rb /run/clvd/clvd.sock orders.csv
#
# Start it again after a break at any point: it goes on where the server's disk says.
require "csv"
require "grpc"
require "securerandom"
require "time"
require "clv/v1/ingest_service_services_pb"
require "clv/v1/job_service_services_pb"
require "clv/v1/model_service_services_pb"
require "clv/v1/scoring_service_services_pb"

include Clv::V1

BATCH_ROWS = 5 # small, to show several; up to max_batch_items

def timestamp(text)
  time = Time.iso8601(text)
  Google::Protobuf::Timestamp.new(seconds: time.to_i, nanos: time.nsec)
end

def transactions(path)
  CSV.foreach(path, headers: true).map do |row|
    cents = Integer(row["amount"].delete("."), 10) # "24.77": money is never a float
    Transaction.new(event_id: row["event_id"], customer: row["customer"],
                    time: timestamp(row["time"]),
                    amount: Money.new(currency_code: "EUR", minor_units: cents))
  end
end

# Batch n of the file has sequence n, so that `opened` says which are on disk already.
def send_orders(stub, options, path)
  batches = transactions(path).each_slice(BATCH_ROWS).to_a
  outgoing = Queue.new
  responses = stub.ingest_stream(Enumerator.new { |to| while (m = outgoing.pop) do to << m end },
                                 **options)
  outgoing << IngestStreamRequest.new(open: { source: "shop", producer_id: "orders" })
  opened = responses.next.opened
  acks = []
  durable, window = opened.durable_sequence, opened.window
  (durable + 1..batches.size).each do |sequence|
    while sequence - durable > window # as many may be on their way; an ack covers several
      acks << responses.next.ack
      durable, window = acks.last.durable_sequence, acks.last.window
    end
    events = EventBatch.new(transactions: batches[sequence - 1])
    outgoing << IngestStreamRequest.new(batch: { sequence: sequence, events: events })
  end
  outgoing << nil
  loop { acks << responses.next.ack } # until the server ends the stream
  puts "sent after batch #{opened.durable_sequence}: #{acks.sum(&:accepted_count)} new, " \
       "#{acks.sum(&:duplicate_count)} known"
end

# A job: it goes on when this client goes away, and the same request_id finds it again.
def fit(models, jobs, options)
  request = FitModelRequest.new(request_id: SecureRandom.uuid, promote_to: "aliases/production")
  job = models.fit_model(request, **options).job
  jobs.watch_job(WatchJobRequest.new(name: job.name), **options) { |r| job = r.job }
  puts [job.kind, job.state, *job.warnings, job.error&.message].compact.join(" ")
end

def score(stub, options, customers)
  request = ScoreCustomersRequest.new(customers: customers,
                                      as_of: timestamp("2025-01-01T00:00:00Z"))
  response = stub.score_customers(request, **options)
  response.rows.each { |r| puts format("%s %#.17g %s", r.customer, r.clv, response.currency_code) }
end

socket, log = ARGV
abort "usage: client.rb SOCKET LOG.csv" unless log
token = ENV["CLV_TOKEN"]
options = { metadata: token ? { "authorization" => "Bearer #{token}" } : {} }
connect = lambda do |service|
  service::Stub.new("unix:#{socket}", :this_channel_is_insecure, timeout: 60)
end
begin
  send_orders(connect[IngestService], options, log)
  fit(connect[ModelService], connect[JobService], options)
  score(connect[ScoringService], options, %w[c000001 c000003 c000011])
rescue GRPC::BadStatus => e
  abort "clvd: #{e.class.name.split('::').last}: #{e.details}"
end
