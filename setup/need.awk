# Names every setting that is missing, at once and before anything is set up: awk -v target=... -v names=... FILE
# Reads .make as scripts/core/make-file.ts does: as data, which is never sourced; the environment wins, empty is absent,
# and what was typed empty is absent, whatever .make says.
BEGIN {
  split("OWNER acme PROJECT shop REGION eu-central-1 ENV integration REPO shop BRANCH main", words, " ")
  for (i = 1; i in words; i += 2) example[words[i]] = words[i + 1]
  # An app is deployed from an AMI; what is replicated and published is a folder under packer/.
  example["IMAGE"] = target ~ /-app$/ ? "ami-0123456789abcdef0" : "web"
  example["CHANNEL"] = "stable"
  example["VERSION"] = "1.4.2-1"
  example["DIGEST"] = "9f86d081884c7d65"
  example["UNTIL"] = "2026-12-24T18:00Z"
  example["FROM"] = "1.4.2"
  example["TO"] = "1.4.3"
  example["REASON"] = "\"too late on a Friday\""
}
NR == 1 { sub(/^\357\273\277/, "") }
/^[ \t]*(export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*[ \t]*:?=/ {
  name = $0; sub(/[ \t]*:?=.*/, "", name); sub(/^[ \t]*/, "", name); sub(/^export[ \t]+/, "", name)
  value = $0; sub(/^[^=]*=/, "", value); sub(/[ \t\r]*$/, "", value)
  if (!(name in file)) file[name] = meaning(value)
}
# Between quotes that enclose the whole value everything is as it stands; otherwise a # behind a space begins a comment.
function meaning(value,  i, quote, bare, rest) {
  bare = value; sub(/^[ \t]*/, "", bare)
  quote = substr(bare, 1, 1)
  if (quote == "\"" || quote == "'")
    for (i = 2; i <= length(bare); i++) {
      rest = substr(bare, i + 1)
      if (substr(bare, i, 1) == quote && (rest == "" || rest ~ /^[ \t]+#/)) return substr(bare, 2, i - 2)
    }
  if (match(value, /[ \t]#/)) value = substr(value, 1, RSTART - 1)
  sub(/^[ \t]*/, "", value); sub(/[ \t]*$/, "", value)
  return value
}
function given(name) {
  if (name == "REGION" && (ENVIRON["AWS_REGION"] != "" || ENVIRON["AWS_DEFAULT_REGION"] != "")) return 1
  if (index(" " ENVIRON["TYPED_EMPTY"] " ", " " name " ")) return 0
  return ENVIRON[name] != "" || file[name] != ""
}
END {
  count = split("OWNER PROJECT REGION " names, needed, " ")
  for (i = 1; i <= count; i++) if (!given(needed[i])) missing[++many] = needed[i]
  if (!many) exit 0
  # What was passed already stands in the example, so that all of it can be typed again.
  command = "make " target
  for (i = 1; i <= count; i++)
    if (!given(needed[i])) command = command " " needed[i] "=" example[needed[i]]
    else if (ENVIRON[needed[i]] ~ /^[A-Za-z0-9._\/-]+$/) command = command " " needed[i] "=" ENVIRON[needed[i]]
  for (i = 1; i <= many; i++) {
    list = list (i == 1 ? "" : i == many ? " and " : ", ") missing[i]
    if (missing[i] ~ /^(OWNER|PROJECT|REGION|REPO|BRANCH)$/) lasting = 1
  }
  printf "%s %s missing. Example:%s%s\n", list, (many == 1 ? "is" : "are"), (many == 1 ? " " : "\n  "), command > "/dev/stderr"
  if (lasting) print "What stays the same belongs in .make; .make.example explains every setting." > "/dev/stderr"
  exit 2
}
