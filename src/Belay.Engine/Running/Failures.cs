using System.Text.Json;
using Belay.Domain.Contract;

namespace Belay.Engine.Running;

/// <summary>Every failure of an operation becomes one of the three kinds.</summary>
internal static class Failures
{
    /// <summary>The failure as a typed one. What an operation did not foresee leaves the outcome unknown.</summary>
    public static OperationException Typed(Exception e) =>
        e switch
        {
            OperationException typed => typed,
            JsonException => OperationException.Refused($"the inputs do not fit the operation: {e.Message}", e),
            OperationCanceledException => OperationException.OutcomeUnknown("it was told to stop before it ended", e),
            _ => OperationException.OutcomeUnknown($"{e.GetType().Name}: {e.Message}", e),
        };
}
