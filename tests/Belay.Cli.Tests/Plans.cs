namespace Belay.Cli.Tests;

/// <summary>Small plans.</summary>
internal static class Plans
{
    private const string Header = """
        belay: 1
        upgrade: shop
        from: 1.0.0
        to: 1.1.0
        steps:

        """;

    /// <summary>Two files; nothing can go wrong.</summary>
    public const string Good =
        Header
        + """
              - id: first
                do: files.write
                with: { path: first.txt, content: "${to}", show: true }
              - id: second
                do: files.write
                with: { path: second.txt, content: "${to}" }
            """;

    /// <summary>The second file lies in a folder that is not there.</summary>
    public const string Failing =
        Header
        + """
              - id: first
                do: files.write
                with: { path: first.txt, content: "${to}", show: true }
              - id: second
                do: files.write
                with: { path: missing/second.txt, content: "${to}" }
                limit: 1s
            """;

    /// <summary>After the first file a check says no: nothing listens on port 1.</summary>
    public const string Refused =
        Header
        + """
              - id: first
                do: files.write
                with: { path: first.txt, content: "${to}", show: true }
              - id: look
                check: http.get
                with: { url: "http://127.0.0.1:1/" }
            """;

    /// <summary>Between the two files a person is asked.</summary>
    public const string Confirming =
        Header
        + """
              - id: first
                do: files.write
                with: { path: first.txt, content: "${to}", show: true }
              - id: look
                confirm: { instructions: Look at first.txt }
              - id: second
                do: files.write
                with: { path: second.txt, content: "${to}" }
            """;

    /// <summary>
    /// A command of which nobody but a person can tell whether it happened. Its first call writes a line and then
    /// hangs; later ones only write a line.
    /// </summary>
    public const string Sending =
        Header
        + """
              - id: first
                do: files.write
                with: { path: first.txt, content: "${to}", show: true }
              - id: send
                do: shell.run
                with:
                  command: [sh, -c, "echo sent >>sent.log; [ $(wc -l <sent.log) -gt 1 ] || exec sleep 600"]
                  undo: { command: [sh, -c, "echo taken back >>sent.log"] }
              - id: second
                do: files.write
                with: { path: second.txt, content: "${to}" }
            """;

    /// <summary>A command that goes on as soon as the file go is there, and whose check tells whether it happened.</summary>
    public const string Working =
        Header
        + """
              - id: first
                do: files.write
                with: { path: first.txt, content: "${to}", show: true }
              - id: work
                do: shell.run
                with:
                  command: [sh, -c, "until [ -e go ]; do sleep 0.05; done; echo done >>work.log"]
                  check: { command: [test, -e, work.log] }
                  undo: { command: [rm, -f, work.log] }
              - id: second
                do: files.write
                with: { path: second.txt, content: "${to}" }
            """;

    /// <summary>After the first file the run looks on for eight seconds.</summary>
    public const string Soaking =
        Header
        + """
              - id: first
                do: files.write
                with: { path: first.txt, content: "${to}", show: true }
              - id: look-on
                soak: 8s
              - id: second
                do: files.write
                with: { path: second.txt, content: "${to}" }
            """;

    /// <summary>Its first step says no.</summary>
    public const string Unready =
        Header
        + """
              - id: look
                check: files.contains
                with: { path: first.txt, text: ready }
              - id: first
                do: files.write
                with: { path: first.txt, content: "${to}", show: true }
            """;

    /// <summary>Before the second file a release manager approves, who did not start the run.</summary>
    public const string Approving =
        Header
        + """
              - id: first
                do: files.write
                with: { path: first.txt, content: "${to}", show: true }
              - id: go
                approve: { by: release-manager, not: starter }
              - id: second
                do: files.write
                with: { path: second.txt, content: "${to}" }
            """;
}
