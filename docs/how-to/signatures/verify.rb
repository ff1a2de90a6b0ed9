# Says whether a webhook is signed with one of the secrets: ruby verify.rb BODY_FILE HEADER SECRET...
require "openssl"

# body is a string of bytes: request.raw_post in Rails, request.body.read in Rack.
def signed?(body, header, secrets)
  header.split.any? do |one|
    secrets.any? do |secret|
      right = [OpenSSL::HMAC.digest("SHA256", secret, body)].pack("m0")
      OpenSSL.secure_compare(one, right)
    end
  end
end

file, header, *secrets = ARGV
signed = signed?(File.binread(file), header, secrets)
puts signed ? "signed" : "not signed"
exit signed ? 0 : 1
