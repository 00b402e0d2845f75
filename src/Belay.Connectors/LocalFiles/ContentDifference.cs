using System.Text;
using Belay.Domain.Contract;

namespace Belay.Connectors.LocalFiles;

/// <summary>The lines in which two contents differ, for plans that allow it to be shown.</summary>
internal static class ContentDifference
{
    /// <summary>What stands between the common beginning and the common end, as one line of the difference.</summary>
    public static IEnumerable<DifferenceLine> Lines(string path, byte[] from, byte[] to)
    {
        var (old, wanted) = (Split(from), Split(to));
        var head = old.Zip(wanted).TakeWhile(pair => pair.First == pair.Second).Count();
        var tail = old.Skip(head)
            .Reverse()
            .Zip(wanted.Skip(head).Reverse())
            .TakeWhile(pair => pair.First == pair.Second)
            .Count();
        yield return new DifferenceLine($"{path}:{head + 1}", Text(old, head, tail), Text(wanted, head, tail));
    }

    private static string[] Split(byte[] content) => Encoding.UTF8.GetString(content).Split('\n');

    private static string? Text(string[] lines, int head, int tail) =>
        head + tail >= lines.Length ? null : string.Join('\n', lines[head..^tail]);
}
