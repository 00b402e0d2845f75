using Belay.Cli.Screens;

namespace Belay.Cli.Work;

/// <summary>Writes pages for people into files.</summary>
internal static class PageFiles
{
    /// <summary>Writes a page, and says where it lies.</summary>
    public static async Task WriteAsync(Workplace place, string file, Func<TextWriter, Task> write)
    {
        await using (var to = new StreamWriter(file))
            await write(to);
        place.Screen.Write(ScreenLine.Of($"written: {file}", Tone.Good));
        place.Screen.Write(new DoneAnswer(Path.GetFullPath(file)), CliJson.Instance.DoneAnswer);
    }
}
