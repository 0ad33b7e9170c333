namespace Todo.Api.Todos;

internal static class Trash
{
    /// <summary>What was thrown away can be had back for so long.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(30);
}
