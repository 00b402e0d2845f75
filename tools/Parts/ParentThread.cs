using System.Collections.Concurrent;
using System.Diagnostics;

namespace Belay.Parts;

/// <summary>
/// The one thread that starts all servers. The kernel's parent-death signal (PR_SET_PDEATHSIG) is sent when the
/// starting THREAD ends, not its process: a server started from the thread pool would be killed whenever the pool
/// retires an idle thread. This thread lives exactly as long as the process.
/// </summary>
internal static class ParentThread
{
    private static readonly BlockingCollection<Action> Work = Begin();

    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception failure)
            {
                started.SetException(failure);
            }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> Begin()
    {
        var work = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "parent of servers",
        };
        thread.Start();
        return work;
    }
}
