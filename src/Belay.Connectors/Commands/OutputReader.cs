using System.Text;
using Belay.Domain.Contract;

namespace Belay.Connectors.Commands;

/// <summary>Reads one output of a child: line by line, secrets removed, its memory bounded whatever the child prints.</summary>
internal sealed class OutputReader(bool isError, Redaction redaction, Action<OutputLine>? listener)
{
    /// <summary>What is kept of a stream, in characters.</summary>
    public const int Limit = 1024 * 1024;

    /// <summary>A longer line is handed on in pieces.</summary>
    private const int LongestLine = 64 * 1024;

    private readonly CappedText captured = new(Limit);
    private readonly StringBuilder line = new();
    private bool pieces;

    /// <summary>All that was captured, whole lines.</summary>
    public string Captured => captured.ToString();

    /// <summary>Reads until the stream ends or the token is cancelled; neither is an error.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken ct)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, false, 16 * 1024, leaveOpen: true);
        var buffer = new char[16 * 1024];
        try
        {
            while (await reader.ReadAsync(buffer, ct) is var read and > 0)
                Take(buffer.AsSpan(0, read));
        }
        catch (OperationCanceledException)
        {
            // The child ended, and a process that it left behind keeps the pipe open.
        }
        if (line.Length > 0)
            HandOn(redaction.Apply(line.ToString()));
    }

    private void Take(ReadOnlySpan<char> text)
    {
        while (text.IndexOf('\n') is var end and >= 0)
        {
            line.Append(text[..end]);
            if (line.Length > 0 || !pieces)
                HandOn(redaction.Apply(line.ToString()).TrimEnd('\r'));
            line.Clear();
            pieces = false;
            text = text[(end + 1)..];
        }
        line.Append(text);
        if (line.Length > LongestLine)
            HandOnPiece();
    }

    // The end of the piece is held back: it may be the beginning of a secret whose rest is still to come.
    private void HandOnPiece()
    {
        var redacted = redaction.Apply(line.ToString());
        var cut = Math.Max(0, redacted.Length - redaction.Longest);
        HandOn(redacted[..cut]);
        line.Clear().Append(redacted.AsSpan(cut));
        pieces = true;
    }

    private void HandOn(string text)
    {
        captured.AddLine(text);
        listener?.Invoke(new OutputLine(isError, text));
    }
}
