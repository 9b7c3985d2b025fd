# chat-server: completions for bash. Source this file.

_chat_server() {
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
    --keyless)
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
      compopt -o filenames 2> /dev/null
      return
      ;;
    --backlog-lines)
      return
      ;;
    --max-clients)
      return
      ;;
    --max-log)
      return
      ;;
    --line-timeout)
      return
      ;;
    --metrics)
      return
      ;;
    --log)
      COMPREPLY=($(compgen -W "text json" -- "$cur"))
      return
      ;;
    --log-level)
      COMPREPLY=($(compgen -W "error warn info debug" -- "$cur"))
      return
      ;;
  esac
  ((COMP_CWORD > 1)) && command=${COMP_WORDS[1]}
  case $command in
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
        words="-k --key --keyless --members-only --backlog-lines --max-clients --no-rate-limit --max-log --line-timeout --metrics --log --log-level --no-log-addresses -h --help -V --version"
      elif ((COMP_CWORD == 1)); then
        words="completions man"
      fi
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}

complete -F _chat_server chat-server
