using Belay.Domain.Journal;

namespace Belay.Domain.Readings;

/// <summary>What people approved of a change before its turn.</summary>
/// <param name="Approval">The step that approved it.</param>
/// <param name="Shown">What was shown.</param>
public sealed record ApprovedChange(string Approval, ForeseenChange Shown);
