using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Engine.Ports;
using Belay.Rehearsal.Simulation;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal.Stories;

/// <summary>People who approve and confirm as soon as they are asked, as many as are needed, none of whom started the run.</summary>
internal sealed class People(MemoryStore store)
{
    /// <summary>Who starts runs and goes on with them.</summary>
    public const string Operator = "operator";

    /// <summary>A person of a role is named after it: <c>release-manager#1</c>.</summary>
    public static bool MayAct(string person, string role) => person.StartsWith(role + "#", StringComparison.Ordinal);

    public void Answer(JournalEvent happened, Plan plan)
    {
        switch (happened)
        {
            case ApprovalRequested asked:
                for (var i = 1; i <= CountOf(asked.Step, plan); i++)
                    Put(
                        new ApproveRequest
                        {
                            By = $"{asked.By}#{i}",
                            Step = asked.Step,
                            Covers = asked.Covers,
                        }
                    );
                break;
            case ConfirmationRequested asked:
                Put(
                    new ConfirmRequest
                    {
                        By = $"{(ItemOf(asked.Step, plan) as ConfirmItem)?.By ?? Operator}#1",
                        Step = asked.Step,
                    }
                );
                break;
        }
    }

    /// <summary>Halts the run at the next safe point.</summary>
    public void Halt(string why) => Put(new HaltRequest { By = Operator, Note = why });

    private void Put(RunRequest request) =>
        store.PutAsync(Player.Run, request, CancellationToken.None).GetAwaiter().GetResult();

    private static int CountOf(string step, Plan plan) => (ItemOf(step, plan) as ApproveItem)?.Count ?? 1;

    private static Item? ItemOf(string step, Plan plan) =>
        plan.AllItems().FirstOrDefault(item => item.Id == Scenery.BaseOf(step));
}
