using System.Text;

namespace Belay.Connectors.Commands;

/// <summary>Text that keeps its beginning and its end when it grows over a limit; the middle is left out and said so.</summary>
internal sealed class CappedText(int limit)
{
    private readonly StringBuilder head = new();
    private readonly Queue<string> tail = new();
    private int tailLength;
    private long leftOut;

    /// <summary>Adds a line.</summary>
    public void AddLine(string line)
    {
        if (tail.Count == 0 && leftOut == 0 && head.Length + line.Length + 1 <= limit / 2)
        {
            head.Append(line).Append('\n');
            return;
        }
        tail.Enqueue(line);
        tailLength += line.Length + 1;
        while (tailLength > limit / 2 && tail.Count > 1)
        {
            var dropped = tail.Dequeue().Length + 1;
            tailLength -= dropped;
            leftOut += dropped;
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder().Append(head);
        if (leftOut > 0)
            text.Append($"[{leftOut} characters left out]\n");
        foreach (var line in tail)
            text.Append(line).Append('\n');
        return text.ToString();
    }
}
