using System.Text;
using Belay.Domain.Journal;
using Belay.Domain.Readings;

namespace Belay.Cli.Screens;

/// <summary>Prints the journal's lines as they are.</summary>
internal sealed class JsonLines : IRunScreen
{
    private readonly TextWriter output = Console.Out;

    public Task<T> WhileAsync<T>(Func<Task<T>> work) => work();

    public void Show(JournalEntry entry, RunReading reading)
    {
        var (_, line) = JournalLine.Write(entry.Sequence, entry.At, entry.Fence, entry.Previous, entry.Event);
        output.WriteLine(Encoding.UTF8.GetString(line));
        output.Flush();
    }

    public void Refresh(RunReading reading) { }

    public void Say(string what) { }
}
