# chat-client: completions for bash. Source this file.

_chat_client() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words= word
  COMPREPLY=()
  # bash makes three words of --name=value.
  if [[ $cur == "=" ]]; then
    cur=
  elif [[ $prev == "=" ]] && ((COMP_CWORD > 1)); then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  case $prev in
    -k | --key)
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
      compopt -o filenames 2> /dev/null
      return
      ;;
    -n | --nick)
      return
      ;;
    --send)
      return
      ;;
    --backlog)
      return
      ;;
    --identity)
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
      compopt -o filenames 2> /dev/null
      return
      ;;
    --reconnect)
      return
      ;;
    --color)
      COMPREPLY=($(compgen -W "auto always never" -- "$cur"))
      return
      ;;
    --bell)
      COMPREPLY=($(compgen -W "off pm mention all" -- "$cur"))
      return
      ;;
    --settings)
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
      compopt -o filenames 2> /dev/null
      return
      ;;
  esac
  ((COMP_CWORD > 1)) && command=${COMP_WORDS[1]}
  case $command in
    admission)
      if [[ $cur == -* ]]; then
        words="-k --key --settings --no-settings -h --help -V --version"
      fi
      ;;
    config)
      if [[ $cur == -* ]]; then
        words="--json --path -k --key -n --nick --send --stay --no-stay --plain --no-plain --backlog --identity --ephemeral --no-ephemeral --reconnect --no-commands --commands --history --no-history --color --bell --notify --no-notify --no-timestamps --timestamps --settings --no-settings -h --help -V --version"
      fi
      ;;
    completions)
      if [[ $cur == -* ]]; then
        words="-h --help -V --version"
      elif ((COMP_CWORD == 2)); then
        words="bash zsh fish"
      fi
      ;;
    man)
      if [[ $cur == -* ]]; then
        words="-h --help -V --version"
      fi
      ;;
    *)
      if [[ $cur == -* ]]; then
        words="-k --key -n --nick --send --stay --no-stay --json --no-json --plain --no-plain --backlog --identity --ephemeral --no-ephemeral --reconnect --no-commands --commands --history --no-history --color --bell --notify --no-notify --no-timestamps --timestamps --settings --no-settings -h --help -V --version"
      elif ((COMP_CWORD == 1)); then
        words="admission config completions man"
      fi
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}

complete -F _chat_client chat-client
