// Checks a receipt from its own bytes alone, as consent/receipts/check.py does. It asks nobody.

const encoder = new TextEncoder();
const MOST_PURPOSES = 100;

// Answers by question (true, false, or null where there is nothing to check), and size and root of
// the checkpoint; null for a choice not sealed yet. Throws for a text that is no receipt.
export async function check(text, origin) {
  const receipt = read(text);
  const { record, notice, snapshot, checkpoint } = receipt.evidence;
  const { content } = record;
  const note = checkpoint === null ? null : readNote(checkpoint);
  // The leaves are made of the contents: a changed one is not in the tree, whatever hash it names.
  const recordHash = await digest(content);
  const answers = {
    record: recordHash === record.hash,
    purposes: saysTheSame(receipt, content, snapshot),
    notice: null,
    seal: null,
    origin: null,
  };
  const leaves = [[await leafHash("record", content.id, recordHash), record]];
  if (content.notice === null) {
    answers.notice = notice === null && snapshot === null ? null : false;
  } else {
    const isItsRegistry = (await digest(snapshot)) === notice.content.registry;
    const wordsHash = await digest(notice.content);
    answers.notice = isItsRegistry && wordsHash === notice.hash;
    leaves.push([await leafHash("notice", uuidOf(content.notice), wordsHash), notice]);
  }
  if (note !== null) {
    answers.seal = await areAll(leaves, ([leaf, part]) => isIn(note, leaf, part));
    answers.origin = note.origin === origin;
  }
  return { answers, note };
}

// Of a repeated name JSON.parse keeps the last, and people see the first: then a string is missing.
function read(text) {
  const receipt = JSON.parse(text.replace(/^\ufeff/, ""));
  if (countStrings(text) !== countStrings(JSON.stringify(receipt))) throw new SyntaxError("repeated");
  return receipt;
}

const countStrings = (json) => json.match(/"(?:[^"\\]|\\.)*"/g)?.length;

function saysTheSame(receipt, content, snapshot) {
  const { event } = receipt;
  return (
    receipt.record_id === content.id &&
    receipt.language === content.language &&
    event.event_time === content.made_at &&
    event.is_valid_until === content.expires_at &&
    event.event_type === kindOf(content) &&
    event.collection_method === content.method &&
    canonical(receipt.purposes) === canonical(purposesOf(content, snapshot))
  );
}

function kindOf(content) {
  if (!content.is_refusal) return "consent given";
  return content.supersedes ? "consent withdrawn" : "consent refused";
}

// As consent/receipts/receipt.py makes them.
function purposesOf(content, snapshot) {
  const granted = new Set(content.granted);
  const groups = new Map((snapshot?.groups ?? []).map((group) => [group.code, group]));
  return content.offered.slice(0, MOST_PURPOSES).map((code) => {
    const group = groups.get(code);
    const cookies = group?.cookies ?? [];
    const confirmed = cookies.filter((cookie) => cookie.provider.is_confirmed);
    return {
      purpose: group ? group.name[content.language] : code,
      purpose_description: group ? group.description[content.language] : "",
      lawful_basis: "GDPR Art. 6(1)(a)",
      is_granted: granted.has(code),
      recipients: [...new Set(confirmed.map((cookie) => cookie.provider.name))],
      storage: cookies.map((cookie) => ({
        name: cookie.name,
        retention_seconds: cookie.max_age_seconds,
      })),
    };
  });
}

// The format tlog-checkpoint of C2SP.
function readNote(text) {
  const [origin, size, root] = text.split("\n");
  const note = { origin, size: Number(size), root: bytesOf(root), rootText: root };
  if (String(note.size) !== size || note.root.length !== 32) throw new SyntaxError("no checkpoint");
  return note;
}

// RFC 9162, 2.1.3.2
async function isIn(note, leaf, { position, path }) {
  if (!(Number.isSafeInteger(position) && position >= 0 && position < note.size)) return false;
  if (!Array.isArray(path)) return false;
  let hashes = [];
  try {
    hashes = path.map(bytesOf);
  } catch {
    return false;
  }
  let [place, last, hash] = [position, note.size - 1, leaf];
  for (const each of hashes) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = await nodeHash(each, hash);
      while (place % 2 === 0 && place > 0) [place, last] = [half(place), half(last)];
    } else {
      hash = await nodeHash(hash, each);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && hex(hash) === hex(note.root);
}

const half = (number) => Math.floor(number / 2);
const nodeHash = (left, right) => sha256(Uint8Array.of(1, ...left, ...right));
const leafHash = (series, row, hash) =>
  sha256(Uint8Array.of(0, ...encoder.encode(`${series}\n${row}\n${hash}`)));

async function digest(value) {
  return hex(await sha256(encoder.encode(canonical(value))));
}

// JSON with sorted keys and no spaces, as evidence/canonical_json.py writes it.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${pairs.join(",")}}`;
}

async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

async function areAll(items, isTrue) {
  return (await Promise.all(items.map(isTrue))).every(Boolean);
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

// A hash in base64, as Python writes it. Throws for another text.
function bytesOf(base64) {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(base64)) throw new SyntaxError("no hash");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

// The number of a row as a UUID: leaves have all rows by such numbers.
function uuidOf(number) {
  const digits = number.toString(16).padStart(32, "0");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
