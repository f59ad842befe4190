# Prints the documented targets of a Makefile: `##@ Section` lines and `target: needs ## text` lines, in 80 columns.
BEGIN {
  if (system("test -t 1") == 0 && !("NO_COLOR" in ENVIRON)) { bold = "\033[1m"; cyan = "\033[36m"; plain = "\033[0m" }
  print "Usage: make TARGET [NAME=value ...]"
}
/^##@ / { printf "\n%s%s%s\n", bold, substr($0, 5), plain; next }
/^[a-z][a-z-]*:.* ## / {
  target = $0; sub(/:.*/, "", target)
  text = $0; sub(/^[^#]*## /, "", text)
  printf "  %s%-20s%s", cyan, target, plain
  # An example is for copying: it begins a line where it would not fit, and is never broken.
  at = index(text, " Example: ")
  example = at ? substr(text, at + 1) : ""
  count = split(at ? substr(text, 1, at - 1) : text, words, " ")
  column = 22
  for (i = 1; i <= count; i++) put(words[i])
  if (example != "") put(example)
  print ""
}
function put(word) {
  if (column + 1 + length(word) > 80) { printf "\n%22s", ""; column = 22 }
  printf " %s", word
  column += 1 + length(word)
}
