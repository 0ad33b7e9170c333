using Todo.Language.Analysing.Entities;
using Todo.Language.Analysing.Topics;
using Todo.Language.Words;

namespace Todo.Language.Analysing;

/// <summary>A todo's text, cut into words once for all readings.</summary>
internal sealed record Study(TodoText Todo, string Text, string Tongue, IReadOnlyList<TextWord> Words)
{
    private List<EntityFinding>? _entities;
    private List<TopicScore>? _topics;

    public static Study Of(TodoText todo, string? language)
    {
        var text = todo.Description.Length == 0 ? todo.Title : todo.Title + "\n" + todo.Description;
        var words = TextWord.AllOf(text);
        return new(todo, text, Language.Words.Tongue.Of(language, words.Select(word => word.Word)), words);
    }

    /// <summary>What the text names; found once, because several readings must not take a name for a word.</summary>
    public IReadOnlyList<EntityFinding> Entities => _entities ??= EntityReading.Of(this);

    /// <summary>What the text is about, the strongest first.</summary>
    public IReadOnlyList<TopicScore> Topics => _topics ??= TopicReading.Of(this);

    /// <summary>The word is part of a person's name, an address or a link.</summary>
    public bool IsName(TextWord word) =>
        Entities.Any(entity => entity.Type is "person" or "email" or "url" && word.Start >= entity.Start && word.Start < entity.Start + entity.Length);

    /// <summary>For readings of a text that belongs to no todo.</summary>
    public static Study Of(string text, string? language) => Of(new TodoText { Id = "", Title = text }, language);

    public Evidence Evidence(TextWord word, string why) => new(Todo.Id, word.Text, word.Start, word.Text.Length, why);

    public Evidence Evidence(int first, int last, string why)
    {
        var start = Words[first].Start;
        var end = Words[last].Start + Words[last].Text.Length;
        return new(Todo.Id, Text[start..end], start, end - start, why);
    }
}
