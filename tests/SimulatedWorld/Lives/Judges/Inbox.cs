using System.Runtime.CompilerServices;

namespace SimulatedWorld.Lives.Judges;

/// <summary>What is awaited one by one, and gone on with at once when it comes: a judge may not take turns with whom it judges.</summary>
internal sealed class Inbox<T> : INotifyCompletion
    where T : class
{
    private readonly Queue<T> items = new();
    private Action? waiting;

    public bool IsCompleted => items.Count > 0;

    public void Put(T item)
    {
        items.Enqueue(item);
        var next = waiting;
        waiting = null;
        next?.Invoke();
    }

    public Inbox<T> GetAwaiter() => this;

    public T GetResult() => items.Dequeue();

    public void OnCompleted(Action continuation) => waiting = continuation;
}
