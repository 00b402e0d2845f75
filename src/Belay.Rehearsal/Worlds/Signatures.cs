using System.Runtime.InteropServices;

namespace Belay.Rehearsal.Worlds;

/// <summary>Numbers of single facts; the number of a state is all of its facts' together, by exclusive or: one that changes is taken out and put in again.</summary>
internal static class Signatures
{
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    // FNV-1a, 64 bits, with a last mix: the same in every process.
    public static ulong Of(Cell cell, string value) => Mix(Add(Add(Basis + (ulong)cell.Aspect, cell.Subject), value));

    public static ulong Of(string step, char state) => Mix(Add(Basis ^ state, step));

    private static ulong Add(ulong hash, string text)
    {
        foreach (var letter in MemoryMarshal.Cast<char, ushort>(text))
            hash = unchecked((hash ^ letter) * Prime);
        return unchecked((hash ^ 0xffff) * Prime);
    }

    private static ulong Mix(ulong hash)
    {
        hash = unchecked((hash ^ (hash >> 33)) * 0xff51afd7ed558ccd);
        return hash ^ (hash >> 29);
    }
}
