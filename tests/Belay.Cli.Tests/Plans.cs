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
