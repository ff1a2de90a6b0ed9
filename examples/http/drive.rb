# Tests an integration over the control API of a running simulator: Ruby, standard library only.
#
#     ruby drive.rb [SIMULATOR] [TARGET]
#
# SIMULATOR is where `scope-simulator serve` listens. TARGET is the URL of your integration for webhooks; without it this
# program receives them itself, and asks the API as an integration would. Ends with 0 when all that was expected has
# happened, with 1 when something has not, with 2 when the simulator cannot be driven. A simulator that listens beyond its
# own machine wants its control token, in the variable CONTROL_TOKEN.

require "json"
require "net/http"
require "socket"
require "uri"

SIMULATOR = ARGV[0] || "http://127.0.0.1:7267"
GIVEN = ARGV[1]
CONTROL = ENV["CONTROL_TOKEN"] ? { "Authorization" => "Bearer #{ENV["CONTROL_TOKEN"]}" } : {}
QUERY = "query WorkOrder($id: ID!) { node(id: $id) { ... on ScenarioSession { state externalData } } }"

class Refused < StandardError; end

def request(kind, url, body, headers)
  uri = URI(url)
  asked = kind.new(uri, headers)
  if asked.request_body_permitted?
    asked["Content-Type"] = "application/json"
    asked.body = JSON.generate(body || {})
  end
  Net::HTTP.start(uri.host, uri.port) { |http| http.request(asked) }
end

# Carry out an operation of the control side. A wait that was in vain (408) is an answer like others.
def control(kind, path, body = nil)
  answer = request(kind, "#{SIMULATOR}/_simulator/#{path}", body, CONTROL)
  value = answer.body.to_s.empty? ? nil : JSON.parse(answer.body)
  raise Refused, value["detail"] unless answer.is_a?(Net::HTTPSuccess) || answer.code == "408"

  value
end

# Ask Scope what has become of a session, as an integration does.
def look_up(token, id)
  body = { query: QUERY, variables: { id: id } }
  answer = request(Net::HTTP::Post, "#{SIMULATOR}/api/v3/graphql", body, { "Authorization" => "Bearer #{token}" })
  session = JSON.parse(answer.body)["data"]["node"]
  puts "receiver: work order #{session["externalData"]["work_order_id"]} is #{session["state"]}"
end

# Receive webhooks: answer at once, then look up what they are about.
def receive(token)
  server = TCPServer.new("127.0.0.1", 0)
  Thread.new do
    loop do
      client = server.accept
      length = 0
      while (line = client.gets) && line != "\r\n"
        length = line.split(":", 2)[1].to_i if line.downcase.start_with?("content-length:")
      end
      hook = JSON.parse(client.read(length))
      client.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
      client.close
      look_up(token, hook["data"]["resource-id"]) unless hook["event"] == "update"
    end
  end
  "http://127.0.0.1:#{server.addr[1]}/hooks/scopear"
end

def main
  token = control(Net::HTTP::Get, "health")["token"]
  target = control(Net::HTTP::Post, "targets", { url: GIVEN || receive(token) })

  session = control(Net::HTTP::Post, "resources/ScenarioSession", { externalData: { work_order_id: "WO-1042" } })
  id = session["id"]
  %w[pause resume finish].each do |verb|
    control(Net::HTTP::Post, "resources/#{URI.encode_www_form_component(id)}/#{verb}")
  end

  answered = { event: "finished", of: id, status: "2xx", within: "5s" }
  queried = { of: id, fields: ["state"], after: { event: "finished" }, within: "5s" }
  verdicts = [
    control(Net::HTTP::Post, "deliveries/wait", answered),
    control(Net::HTTP::Post, "requests/wait", queried)
  ]
  control(Net::HTTP::Delete, "targets/#{target["id"]}")

  verdicts.each do |one|
    puts "#{one["met"] ? "met    " : "not met"}  #{one["expected"]}; seen: #{one["seen"]}"
    one["misses"].each { |miss| puts "         #{miss}" }
  end
  met = verdicts.all? { |one| one["met"] }
  puts met ? "passed" : "failed"
  met ? 0 : 1
end

begin
  code = main
rescue Refused => error
  warn error.message
  code = 2
rescue SystemCallError, SocketError, IOError => error
  warn "no simulator at #{SIMULATOR}: #{error.message}"
  code = 2
end
exit code
