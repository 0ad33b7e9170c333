using Todo.Api;

return await TodoApiService.Create(args).RunAsync(TodoApiService.Map);
