document.querySelector('#root').textContent = 'The page behind the todos';
