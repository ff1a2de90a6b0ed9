// Says whether a webhook is signed with one of the secrets: node verify.mjs BODY_FILE HEADER SECRET...
import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import process from "node:process";

// body is a Buffer, never a string or an object: in Express, express.raw({ type: "application/json" }) gives it.
export function isSigned(body, header, secrets) {
  return header.split(" ").some((one) =>
    secrets.some((secret) => {
      const given = Buffer.from(one);
      const right = Buffer.from(createHmac("sha256", secret).update(body).digest("base64"));
      return given.length === right.length && timingSafeEqual(given, right);
    }),
  );
}

const [file, header, ...secrets] = process.argv.slice(2);
const signed = isSigned(readFileSync(file), header, secrets);
console.log(signed ? "signed" : "not signed");
process.exit(signed ? 0 : 1);
