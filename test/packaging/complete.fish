# SPDX-License-Identifier: Apache-2.0
set -g work $argv[1]
set -g failed 0
source $work/_assay
function expect # line, then what it must offer
    set -l got (complete -C $argv[1] | string replace -r '\t.*' '')
    for word in $argv[2..]
        contains -- $word $got; or begin
            echo "'$argv[1]' offers no $word but: $got"
            set -g failed 1
        end
    end
end
function never
    contains -- $argv[2] (complete -C $argv[1] | string replace -r '\t.*' ''); and begin
        echo "'$argv[1]' offers $argv[2]"
        set -g failed 1
    end
    return 0
end
expect 'assay ' (cat $work/verbs)
for verb in (cat $work/verbs)
    set -l options (assay $verb --help | string match -rg '^ +(-[^ ]+)' | string split ',')
    expect "assay $verb --" (string match -- '--*' $options)
    expect "assay $verb -" (string match -r -- '^-[a-zA-Z]$' $options)
end
expect 'assay re' record replay
never 'assay re' lab
expect 'assay record --out' --output
expect 'assay plan ' point check fit
expect 'assay plan point --t' --tp
expect 'assay --sim ' one-thread fleet-8
expect 'assay --sim=one' --sim=one-thread
expect 'assay sim fl' fleet-8
expect 'assay replay ' h100-lab saved.assay
expect 'assay report ' h100-lab saved.assay
expect 'assay export --format ' csv jsonl trace
expect 'assay catalog show h100-s' h100-sxm5-80gb
expect 'assay plan --model llama-3.1-8' llama-3.1-8b
expect 'assay lab one' one-thread
expect 'assay record -o sav' saved.assay
expect 'assay completion ' bash zsh fish
expect 'assay record --data lab --forc' --force
expect 'assay record -- cat sav' saved.assay
exit $failed
