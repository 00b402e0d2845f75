namespace Belay.Parts;

/// <summary>A server ended or did not get ready; the message carries the end of its log.</summary>
public sealed class ServerFailedException : Exception
{
    private const int TailLines = 20;

    /// <summary>Reads the end of the log, as far as it was written after <paramref name="logStart"/> (in bytes).</summary>
    internal ServerFailedException(string problem, string logFile, long logStart)
        : base($"{problem}\n--- end of {logFile}\n{Tail(logFile, logStart)}") =>
        AddressInUse =
            Message.Contains("ddress already in use", StringComparison.Ordinal)
            || Message.Contains("cannot bind socket", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it failed because somebody else listens on its port: another port helps.</summary>
    public bool AddressInUse { get; }

    private static string Tail(string logFile, long logStart)
    {
        using var log = File.OpenRead(logFile);
        log.Position = logStart;
        using var reader = new StreamReader(log);
        return string.Join('\n', reader.ReadToEnd().Split('\n').TakeLast(TailLines));
    }
}
