# The processes of one control plane. DIR/commands/NAME holds a process's command line, one argument a line;
# DIR/pids/NAME its process id and start time, so that a reused id is not taken for it; DIR/logs/NAME.log its output.

# start_process DIR NAME: start it in a session of its own, unless it runs.
start_process() {
  local dir=$1 name=$2 arguments
  is_alive "$dir" "$name" && return
  mapfile -t arguments <"$dir/commands/$name"
  # Nothing of the caller is kept open: a caller that waits for the end of our output must not wait for the servers.
  (
    cd "$dir"
    exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
    exec setsid "${arguments[@]}" </dev/null >>"$dir/logs/$name.log" 2>&1
  ) &
  remember_process "$dir" "$name" $!
  disown
}

remember_process() { printf '%s %s\n' "$3" "$(started_at "$3")" >"$1/pids/$2"; }

# started_at PID: its start in clock ticks since boot, field 22 of its stat; the name in field 2 may hold blanks.
started_at() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  awk '{ print $20 }' <<<"${stat##*) }"
}

process_id() {
  local pid=
  read -r pid _ 2>/dev/null <"$1/pids/$2" || true
  printf '%s\n' "$pid"
}

is_alive() {
  local pid= begun= stat
  [[ -f $1/pids/$2 ]] || return 1
  read -r pid begun <"$1/pids/$2" || return 1
  [[ -n $begun && $(started_at "$pid") == "$begun" ]] || return 1
  stat=$(cat "/proc/$pid/stat" 2>/dev/null) || return 1
  [[ ${stat##*) } != Z* ]]
}

GRACE=10 # seconds

# stop_process DIR NAME: ask it to end, and after GRACE end it; come back when it is gone.
stop_process() {
  local dir=$1 name=$2 pid asked
  if ! is_alive "$dir" "$name"; then
    rm -f "$dir/pids/$name"
    return 0 # a bare return in an exit trap gives the code from before the trap
  fi
  pid=$(process_id "$dir" "$name")
  ((GRACE == 0)) || kill -TERM "$pid" 2>/dev/null || true
  for ((asked = 0; asked < GRACE * 10; asked++)); do
    is_alive "$dir" "$name" || break
    sleep 0.1
    ((asked != 30)) || say "waits for $name to end"
  done
  if is_alive "$dir" "$name"; then
    ((GRACE == 0)) || say "$name still runs after $GRACE s: killed"
    kill -KILL "$pid" 2>/dev/null || true
    while is_alive "$dir" "$name"; do sleep 0.05; done
  fi
  rm -f "$dir/pids/$name"
}

# configured_processes DIR: the names that have a command line, in the order of their start.
configured_processes() {
  local name
  for name in $PROCESSES metrics-server; do
    [[ ! -f $1/commands/$name ]] || printf '%s\n' "$name"
  done
}

# free_port TAKEN...: a random TCP port below the ephemeral ones on which nobody listens.
free_port() {
  local port try
  for ((try = 0; try < 200; try++)); do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    [[ " $* " == *" $port "* ]] || port_in_use "$port" || { printf '%s\n' "$port" && return; }
  done
  fail "no free port found between 20000 and 32000"
}

port_in_use() { awk -v suffix=":$(printf %04X "$1")" '$2 ~ suffix "$" && $4 == "0A" { found = 1 } END { exit !found }' /proc/net/tcp*; }
