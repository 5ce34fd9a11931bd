#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Breaks one line of the meter at a time in a copy of the tree and shows that truth_test fails.
# Usage: mutants.sh FOLDER [NAME...]   FOLDER holds the copy and its build, and is kept for the next time.
# Exit: 0 every mutant was caught, 1 one was not, 2 wrong usage.
set -eu
folder=${1:?usage: mutants.sh FOLDER [NAME...]}
shift
here=$(cd "$(dirname "$0")/../.." && pwd)
tree=$folder/tree
build=$folder/build

# name | file under src/assay | sed expression
table() {
  cat <<'TABLE'
difference-swapped|ladder/ladder.cpp|s/upper.value()->value() - lower.value()->value()/lower.value()->value() - upper.value()->value()/
rung-not-raised|ladder/ladder.cpp|s/if (\*upper.value() >= \*lower.value()) return upper;/return upper;/
unattributed-short|ladder/ladder.cpp|s/1\.0 - known/0.9 - known/
stale-looks-good|probe/nvml/late.cpp|s/if (!reading.usable()) return reading;/if (!reading.usable() || true) return reading;/
wrong-pipe|ladder/limiter.cpp|s/Limiter::fp32, Id::fp32_util/Limiter::fp32, Id::fp16_util/
quieter-link|ladder/limiter.cpp|s/std::max(\*sent.value(), \*received.value())/std::min(*sent.value(), *received.value())/
old-line-code|ladder/limiter.cpp|s|32.0, 128.0 / 130.0|32.0, 8.0 / 10.0|
engaged-is-lost|ladder/cost.cpp|s/part.is_loss ? worth(part, cost.per_hour) : std::nullopt/worth(part, cost.per_hour)/
merge-unweighted|sample/merge.cpp|s/\*reading.value() \* weight.value()/*reading.value()/
refresh-ignored|probe/nvml/gpm_table.cpp|s/return any_impossible;/return any_impossible \&\& false;/
percent-as-fraction|probe/nvml/gpm_table.cpp|s/Ratio::percent(raw)/Ratio::fraction(raw)/
negative-is-zero|probe/nvml/gpm_table.cpp|s/value < -slack || value/value/
samples-swapped|probe/nvml/gpm.cpp|s/pair{samples_\[next_\], samples_\[1 - next_\]}/pair{samples_[1 - next_], samples_[next_]}/
reserved-is-used|probe/nvml/fast_readings.cpp|s/ - as_double(memory.reserved);/;/
energy-goes-back|probe/nvml/fast_readings.cpp|s/ || energy < \*carry.energy//
lost-looks-fine|probe/nvml/fast_lane.cpp|s/sample.presence = sample::Presence::lost;/sample.presence = sample::Presence::ok;/
utilization-mean|probe/nvml/watch.cpp|s/Ratio::percent(sum \/ used)/Ratio::percent(sum \/ (used + 1))/
share-halved|probe/nvml/watch.cpp|s/sum.percent \/ sum.entries/sum.percent \/ sum.entries \/ 2/
tensor-is-hmma|ladder/limiter.cpp|s/Limiter::tensor, Id::tensor_util/Limiter::tensor, Id::tensor_hmma_util/
estimate-is-derived|ladder/ladder.cpp|s/return Rung::estimated(value, rung.reason(), source, window);/return Rung::derived(value, source, window);/
raised-inverted|ladder/ladder.cpp|s/ladder.sm_active.value() != sound_ratio/ladder.sm_active.value() == sound_ratio/
mean-of-the-pause|probe/nvml/watch.cpp|s/sampling_period_ \* 2 >= asked/sampling_period_ * 2000 >= asked/
xids-not-drained|probe/nvml/slow_lane.cpp|s/if (generation_ != 0) look();/if (generation_ < 0) look();/
xids-each-minute|probe/nvml/slow_lane.cpp|s/? round_ns : look;/? round_ns : round_ns;/
errors-last|probe/nvml/fast_lane.cpp|s/Id::pcie_width}/Id::pcie_width, Id::ecc_corrected}/
TABLE
}

mkdir -p "$tree"
for part in CMakeLists.txt VERSION cmake data scripts src test third_party web; do
  [ -e "$here/$part" ] || continue
  # By content, so that what did not change is not built again.
  if [ -d "$here/$part" ]; then
    (cd "$here" && find "$part" -type f) | while read -r file; do
      mkdir -p "$tree/$(dirname "$file")"
      cmp -s "$here/$file" "$tree/$file" || cp -p "$here/$file" "$tree/$file"
    done
  else
    cmp -s "$here/$part" "$tree/$part" || cp -p "$here/$part" "$tree/$part"
  fi
done
launcher=$(command -v ccache >/dev/null 2>&1 && echo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache || true)
# shellcheck disable=SC2086
cmake --log-level=NOTICE -S "$tree" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug $launcher >/dev/null
cmake --build "$build" --target truth_test >"$folder/build.log" || { tail -20 "$folder/build.log"; exit 1; }
"$build/bin/truth_test" --gtest_brief=1 >"$folder/sound.log" 2>&1 ||
  { echo "mutants.sh: the sound tree fails; see $folder/sound.log"; exit 1; }

missed=0
for name in $(table | cut -d'|' -f1); do
  [ $# -eq 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
  row=$(table | grep "^$name|")
  file=$tree/src/assay/$(echo "$row" | cut -d'|' -f2)
  cp "$file" "$folder/kept"
  sed -i "$(echo "$row" | cut -d'|' -f3-)" "$file"
  if cmp -s "$file" "$folder/kept"; then
    verdict="NOT APPLIED: the line has changed"
  elif ! cmake --build "$build" --target truth_test >"$folder/$name.log" 2>&1; then
    verdict="DOES NOT BUILD: see $folder/$name.log"
  elif "$build/bin/truth_test" --gtest_brief=1 >"$folder/$name.log" 2>&1; then
    verdict="MISSED"
  else
    verdict="caught: $(grep -m1 '^  ' "$folder/$name.log" | cut -c3-110)"
  fi
  case $verdict in caught*) ;; *) missed=1 ;; esac
  cp "$folder/kept" "$file"
  echo "$name | $verdict"
done
exit $missed
