using Todo.Web;

return await TodoWebService.Create(args).RunAsync(TodoWebService.Map);
