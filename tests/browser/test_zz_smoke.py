from tests.browser.visitor import Visitor
import time
def test_a(visitor: Visitor):
    t=time.time()
    r=visitor.open("/?gclid=x")
    print(time.time()-t, r.status, visitor.cookie_names, visitor.storage)
    with visitor.page.expect_navigation():
        visitor.button("accept").click()
    print(time.time()-t, visitor.page.url, visitor.cookie_names, visitor.google.requests)
    for i in range(5):
        visitor.open("/cennik/"); print(time.time()-t)
    visitor.page.wait_for_timeout(300)
    print(visitor.google.requests, visitor.problems)
def test_b(new_visitor):
    v=new_visitor(java_script_enabled=False)
    v.open("/")
    print(v.storage)
    v.page.on("request", lambda r: print("REQ", r.url))
    v.page.evaluate("() => { const i = new Image(); i.src='https://evil.example/'; }")
    v.page.wait_for_timeout(300)
    print(v.problems); v.problems.clear()
def test_c(new_visitor):
    v=new_visitor()
    v.open("/")
    v.page.on("request", lambda r: print("REQ", r.url))
    v.page.evaluate("() => { const i = document.createElement('img'); i.src='https://evil.example/'; document.body.append(i); document.body.setAttribute('style', 'color:red'); fetch('https://evil.example/x') }")
    v.page.wait_for_timeout(300)
    print(v.problems); v.problems.clear()
