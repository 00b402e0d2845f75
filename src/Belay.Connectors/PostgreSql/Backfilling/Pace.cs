namespace Belay.Connectors.PostgreSql.Backfilling;

/// <summary>How many rows the next batch has.</summary>
/// <param name="most">Never more than this.</param>
/// <param name="goal">How long a batch should take.</param>
internal sealed class Pace(int most, TimeSpan goal)
{
    private const int FirstShare = 10;

    /// <summary>The rows of the next batch.</summary>
    public int Rows { get; private set; } = Math.Max(1, most / FirstShare);

    /// <summary>A batch was done.</summary>
    public void Took(TimeSpan time)
    {
        if (time > goal)
            Rows = Math.Max(1, Rows / 2);
        else if (time < goal / 2)
            Rows = Math.Min(most, Rows * 2);
    }

    /// <summary>A batch was ended by the statement's limit.</summary>
    /// <returns>False: it had one row, there is nothing smaller.</returns>
    public bool TooLong()
    {
        if (Rows == 1)
            return false;
        Rows /= 2;
        return true;
    }
}
