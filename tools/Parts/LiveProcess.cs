namespace Belay.Parts;

/// <summary>Tells whether a process runs, whoever started it.</summary>
public static class LiveProcess
{
    /// <summary>
    /// Whether it runs. One that has ended but that its parent has not yet asked about does not run, though it still
    /// has its folder in <c>/proc</c>: process 1 may take seconds to ask about orphans.
    /// </summary>
    public static bool Runs(int pid)
    {
        try
        {
            // proc(5): "pid (name) state ..."; the name may hold anything, parentheses too.
            var status = File.ReadAllText($"/proc/{pid}/stat");
            return status[status.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
