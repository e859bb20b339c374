/**
 * The program behind every hook tool: it sends its arguments to the agent, which does the work, and prints the answer. The name that it is
 * called by says which tool it is.
 *
 * It is in Bash, which can open a socket by itself and starts in 3 ms. It is a string here, so that it comes along wherever this module
 * goes, be it in the package or in a bundle. Source: docs/hook-environment.md section 2.1.
 *
 * @module
 */

/** The script. */
export const TOOL_SCRIPT: string = `#!/bin/bash
# A hook tool: it sends what it was asked to the agent, which does the work, and prints the answer. The name it is called by says which tool.
# Bash, since it can talk to a socket by itself: it starts in 3 ms. Source: docs/hook-environment.md section 2.1.
for name in JUJU_CONTEXT_ID JUJU_AGENT_SOCKET_ADDRESS JUJU_AGENT_SOCKET_NETWORK; do
  if [ -z "\${!name}" ]; then
    echo "ERROR $name not set" >&2
    exit 1
  fi
done
input=
case " $* " in
  *' --file - '* | *' --file=- '*)
    umask 077
    input="$0.$$"
    cat > "$input"
    ;;
esac
if ! { exec 3<> "/dev/tcp/\${JUJU_AGENT_SOCKET_ADDRESS/://}"; } 2> /dev/null; then
  echo "ERROR dial unix $JUJU_AGENT_SOCKET_ADDRESS: connect: connection refused" >&2
  exit 1
fi
printf '%s\\0' "$JUJU_CONTEXT_ID" "\${0##*/}" "$input" "$#" "$@" >&3
read -r code <&3 || exit 1
if [ "$code" = 0 ]; then cat <&3; else cat <&3 >&2; fi
exit "$code"
`;
